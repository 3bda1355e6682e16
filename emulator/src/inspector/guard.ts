/** Who may use the inspector: people and scripts on this machine, and no page of anybody else. */

const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]'])

/** Headers that tell of a proxy, which would let the inspector out into the network. */
const PROXY_HEADERS = ['forwarded', 'x-forwarded-for', 'x-forwarded-host'] as const

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD'])

/** Why a request is not answered; `null` when it is. */
export function refusalOf({ method, url, headers }: Request): string | null {
  const host = headers.get('host') ?? new URL(url).host
  if (PROXY_HEADERS.some((name) => headers.has(name))) return 'The request came through a proxy.'
  // The name of another site can be made to lead here.
  if (!isLoopback(host)) return 'The Host header does not name this machine.'
  if (SAFE_METHODS.has(method)) return null
  const site = headers.get('sec-fetch-site')
  const origin = headers.get('origin')
  // Neither is there when a script asks that is not in a browser.
  const isOwnSite = site === null || site === 'same-origin'
  const isOwnOrigin = origin === null || origin === `http://${host}`
  return isOwnSite && isOwnOrigin ? null : 'The request came from another site.'
}

function isLoopback(host: string): boolean {
  try {
    return LOOPBACK_HOSTS.has(new URL(`http://${host}`).hostname)
  } catch {
    return false
  }
}
