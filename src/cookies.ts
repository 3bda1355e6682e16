/** Cookies of a request, read so that one malformed neighbour never hides or breaks another. */

/** Parsed `Cookie` header (RFC 6265 §4.2.1); the first of several cookies of one name counts. */
export interface Cookies {
  /** Value of a cookie, percent-decoded where that is possible; `null` when absent. */
  get(name: string): string | null
  /** How many cookies of that name were sent; two are a misconfigured domain or an attack. */
  count(name: string): number
  /** Names of the cookies, each once. */
  names(): Iterable<string>
}

/** @param header Value of the `Cookie` header; `null` when there is none. */
export function parseCookies(header: string | null): Cookies {
  const values = new Map<string, string>()
  /** Those that `values` does not hold under the name they count for. */
  const others = new Map<string, number>()
  for (const pair of header?.split(';') ?? []) {
    const separator = pair.indexOf('=')
    const name = trim(separator < 0 ? pair : pair.slice(0, separator))
    // A name in disguise is no value to use, but it is a duplicate.
    const plainName = decode(name.trim())
    const isFirst = separator >= 0 && !values.has(name)
    if (isFirst) values.set(name, decode(trim(pair.slice(separator + 1))))
    if (!isFirst || name !== plainName) others.set(plainName, (others.get(plainName) ?? 0) + 1)
  }
  return {
    get: (name) => values.get(name) ?? null,
    count: (name) => Number(values.has(name)) + (others.get(name) ?? 0),
    names: () => values.keys(),
  }
}

/** Removes the white space the grammar allows, and no other: `String#trim` takes more. */
function trim(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isBlank(text.charCodeAt(start))) start++
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--
  return text.slice(start, end)
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09
}

function decode(value: string): string {
  if (!value.includes('%')) return value
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
