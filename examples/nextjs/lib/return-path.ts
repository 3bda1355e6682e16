/** Where to go after signing in: a path of this app, whatever the address says. */
export function toReturnPath(value: unknown): string {
  const base = 'http://app.invalid'
  if (typeof value !== 'string' || !URL.canParse(value, base)) return '/'
  const { origin, pathname, search, hash } = new URL(value, base)
  // A path may still begin with two slashes, which a browser would take for a host.
  return origin === base && !pathname.startsWith('//') ? pathname + search + hash : '/'
}
