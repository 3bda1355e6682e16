/** Where the app's auth endpoints are, read from `appInfo` as SuperTokens reads it. */

/** The `appInfo` of `SuperTokens.init`, in the vendor's own words. */
export interface AppInfo {
  readonly appName: string
  /** Origin of the API: `https://api.example.com`. */
  readonly apiDomain: string
  /** Origin of the website; `origin` may stand in for it. */
  readonly websiteDomain?: string | undefined
  /** Origin of the website, where it depends on the request; passed on to the SDK. */
  readonly origin?: string | ((input: never) => string) | undefined
  /** Path of the auth endpoints; default `/auth`, as in the SDK. */
  readonly apiBasePath?: string | undefined
  /** Path of the sign-in pages; default `/auth`, as in the SDK. */
  readonly websiteBasePath?: string | undefined
  /** Path an API gateway adds in front and takes away again before the app. */
  readonly apiGatewayPath?: string | undefined
}

/** Addresses that follow from an {@link AppInfo}. */
export interface Addresses {
  /** `iss` of the sessions. */
  readonly issuer: string
  /** Path the app serves the endpoints on. */
  readonly basePath: string
  /** What a gateway puts in front of it; empty without one. */
  readonly gatewayPath: string
  /** Whether API and website share a host, where anti-CSRF tokens are not needed. */
  readonly isSameHost: boolean
}

/** @returns `null` when a domain cannot be read. */
export function readAddresses(appInfo: AppInfo): Addresses | null {
  const api = normaliseDomain(appInfo.apiDomain)
  const website = appInfo.origin ?? appInfo.websiteDomain ?? appInfo.apiDomain
  const websiteOrigin =
    typeof website === 'string' ? normaliseDomain(website) : 'http://authmux.invalid'
  if (!api || !websiteOrigin) return null
  const gatewayPath = normalisePath(appInfo.apiGatewayPath ?? '')
  const basePath = normalisePath(appInfo.apiBasePath ?? '/auth')
  return {
    issuer: api + gatewayPath + basePath,
    basePath,
    gatewayPath,
    isSameHost: withoutPort(api) === withoutPort(websiteOrigin),
  }
}

function withoutPort(origin: string): string {
  const { protocol, hostname } = new URL(origin)
  return `${protocol}//${hostname}`
}

/** Origin of a domain; without a scheme, https, or http for this machine. */
export function normaliseDomain(domain: string): string | null {
  const text = domain.trim().toLowerCase()
  const address = /^https?:\/\//.test(text) ? text : `https://${text.replace(/^\./, '')}`
  if (!URL.canParse(address)) return null
  const { protocol, host, hostname } = new URL(address)
  const isLocal = hostname.startsWith('localhost') || /^\d+(?:\.\d+){3}$/.test(hostname)
  return address === text ? `${protocol}//${host}` : `${isLocal ? 'http' : 'https'}://${host}`
}

function normalisePath(path: string): string {
  const text = path.trim()
  const { pathname } = new URL(text.startsWith('/') ? text : `/${text}`, 'http://authmux.invalid')
  return pathname.replace(/\/$/, '')
}
