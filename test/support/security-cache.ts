/** A shared cache as in front of a careless deployment: keeps whatever RFC 9111 lets it keep. */

export interface StoredAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

export interface SharedCache {
  /** Answers from the store, or asks the app and stores what may be stored. */
  fetch(request: Request, app: (request: Request) => Promise<Response>): Promise<StoredAnswer>
  readonly hits: number
  readonly stored: number
}

interface Entry {
  readonly vary: readonly string[]
  readonly values: readonly (string | null)[]
  readonly answer: StoredAnswer
}

/** Statuses a cache may store without being told how long (RFC 9110 §15.1). */
const HEURISTIC = new Set([200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501])

/** Headers that overrule `Cache-Control` at the caches they are for (RFC 9213). */
const TARGETED = ['surrogate-control', 'cdn-cache-control', 'vercel-cdn-cache-control']

/**
 * @param heedsVary Whether the cache honours `Vary`; several content delivery networks do not.
 */
export function createSharedCache(heedsVary: boolean): SharedCache {
  const entries = new Map<string, Entry[]>()
  const counts = { hits: 0, stored: 0 }
  return {
    get hits() {
      return counts.hits
    },
    get stored() {
      return counts.stored
    },
    async fetch(request, app) {
      const key = `${request.method} ${request.url}`
      const found = entries.get(key)?.find(({ vary, values }) => {
        return vary.every((name, index) => request.headers.get(name) === values[index])
      })
      if (found) {
        counts.hits++
        return found.answer
      }
      const { status, headers, body } = await app(request).then(async (response) => ({
        status: response.status,
        headers: response.headers,
        body: await response.text(),
      }))
      const answer = { status, headers, body }
      if (!mayStore(request, answer)) return answer
      const vary = (headers.get('vary') ?? '').split(',').map((name) => name.trim().toLowerCase())
      if (heedsVary && vary.includes('*')) return answer
      const names = heedsVary ? vary.filter((name) => name !== '') : []
      const values = names.map((name) => request.headers.get(name))
      entries.set(key, [...(entries.get(key) ?? []), { vary: names, values, answer }])
      counts.stored++
      return answer
    },
  }
}

/** RFC 9111 §3, as a shared cache reads it. */
function mayStore(request: Request, { status, headers }: StoredAnswer): boolean {
  if (!['GET', 'HEAD'].includes(request.method)) return false
  const targeted = TARGETED.map((name) => headers.get(name)).find((value) => value !== null)
  const directives = (targeted ?? headers.get('cache-control') ?? '')
    .toLowerCase()
    .split(',')
    .map((directive) => directive.trim())
  if (directives.some((directive) => /^(no-store|private)$/.test(directive))) return false
  const isPublic = directives.some((text) => /^(public|s-maxage=|must-revalidate)/.test(text))
  if (request.headers.has('authorization') && !isPublic) return false
  const isFresh = directives.some((text) => /^(s-maxage|max-age)=[1-9]/.test(text))
  return isFresh || headers.has('expires') || isPublic || HEURISTIC.has(status)
}
