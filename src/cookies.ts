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
  return header === null ? NONE : new ParsedCookies(header)
}

class ParsedCookies implements Cookies {
  readonly #values = new Map<string, string>()
  /** Those that `values` does not hold under the name they count for. */
  #others: Map<string, number> | null = null

  constructor(header: string) {
    let start = 0
    let equals = -1
    while (start <= header.length) {
      const next = header.indexOf(';', start)
      const end = next < 0 ? header.length : next
      // Found once however many names come without a value: to look again for each is quadratic.
      if (equals < start) {
        const found = header.indexOf('=', start)
        equals = found < 0 ? header.length : found
      }
      const hasValue = equals < end
      const name = trim(header, start, hasValue ? equals : end)
      // A name in disguise is no value to use, but it is a duplicate.
      const plainName = decodeAscii(name.trim())
      const isFirst = hasValue && !this.#values.has(name)
      if (isFirst) this.#values.set(name, trim(header, equals + 1, end))
      if (!isFirst || name !== plainName) {
        this.#others ??= new Map()
        this.#others.set(plainName, (this.#others.get(plainName) ?? 0) + 1)
      }
      start = end + 1
    }
  }

  get(name: string): string | null {
    // Decoded when it is asked for: a broken value costs an exception.
    return decode(this.#values.get(name) ?? null)
  }

  count(name: string): number {
    return Number(this.#values.has(name)) + (this.#others?.get(name) ?? 0)
  }

  names(): Iterable<string> {
    return this.#values.keys()
  }
}

const NONE: Cookies = { get: () => null, count: () => 0, names: () => [] }

/** A part of a text without the white space the grammar allows, and no other: `String#trim` takes more. */
function trim(text: string, from: number, to: number): string {
  let start = from
  let end = to
  while (start < end && isBlank(text.charCodeAt(start))) start++
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--
  return text.slice(start, end)
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09
}

/** As much as names of cookies need; without an exception for what is none. */
function decodeAscii(name: string): string {
  if (!name.includes('%')) return name
  return name.replace(/%([0-7][\da-f])/gi, (_, code) => String.fromCharCode(Number(`0x${code}`)))
}

function decode(value: string | null): string | null {
  if (!value?.includes('%')) return value
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
