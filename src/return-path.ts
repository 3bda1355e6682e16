/** Where to send a browser back to: only ever a path of the app itself. */

const placeholder = 'http://authmux.invalid'

/**
 * The path, query and fragment of a wanted return address; `null` unless it is the app's own.
 *
 * The address is read by the URL parser browsers use, so what is checked is what they would follow.
 *
 * @param wanted Path from the root on, or an absolute address at one of `origins`.
 * @see https://url.spec.whatwg.org/#url-parsing
 */
export function toReturnPath(
  wanted: string | null | undefined,
  origins: readonly string[],
): string | null {
  if (!wanted || !URL.canParse(wanted, placeholder)) return null
  const url = new URL(wanted, placeholder)
  // The origin of a blob: address is that of the page that made it.
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:'
  const isOwn = url.origin === placeholder ? wanted.startsWith('/') : origins.includes(url.origin)
  // A path of two slashes is another host once it stands alone in a Location header.
  if (!isWeb || !isOwn || url.pathname.startsWith('//') || url.username || url.password) return null
  return url.pathname + url.search + url.hash
}

/** A path of the app with a return path in its query. */
export function withReturnPath(path: string, returnPath: string | null): string {
  return returnPath === null ? path : `${path}?returnTo=${encodeURIComponent(returnPath)}`
}

/** The path a request was made to, with its query; `null` when the request does not tell. */
export function requestPath(url: string | null): string | null {
  if (url === null || !URL.canParse(url, placeholder)) return null
  const { pathname, search } = new URL(url, placeholder)
  return toReturnPath(pathname + search, [])
}
