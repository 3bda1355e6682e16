/** Tells values a core makes up apart from those it must answer with, and maps the one to the other. */

import { decodeJwt, decodeProtectedHeader } from 'jose'

/** Forms of values that differ from core to core; a live value has to have the recorded one's. */
const forms: readonly (readonly [name: string, form: RegExp])[] = [
  ['id', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/],
  ['dynamic key id', /^d-\d{13}$/],
  ['static key id', /^s-[0-9a-f-]{36}$/],
  ['hash', /^[0-9a-f]{64}$/],
  ['JWT', /^eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+$/],
  ['refresh token', /^[A-Za-z0-9+/]{150,}={0,2}\.[0-9a-f]{64}\.V2$/],
  ['code typed in', /^\d{6}$/],
  ['32 bytes', /^[A-Za-z0-9+/]{43}=$/],
  ['32 bytes for a link', /^[\w-]{43}$/],
  ['key modulus', /^[\w-]{342}$/],
  ['token sent by e-mail', /^[\w-]{128}$/],
  ['pagination token', /^[A-Za-z0-9+/]{64,80}={0,2}$/],
]

const anyId = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g

/** Numbers above this are times. */
const TIMES_FROM = 1e11

export interface Bindings {
  bind(recorded: string, live: string): void
  /** A recorded request as it has to be sent now. */
  toLive(recorded: unknown): unknown
  /** What is wrong with a live answer, member by member; nothing if it says the same. */
  differences(recorded: unknown, live: unknown, path?: string): string[]
}

export function createBindings(): Bindings {
  const known = new Map<string, string>()

  function toLiveText(text: string): string {
    const bound = known.get(text)
    if (bound !== undefined) return bound
    // A token with a spoilt signature: its live twin gets one, too.
    const unsigned = text.slice(0, text.lastIndexOf('.'))
    const twin = [...known].find(([recorded]) => unsigned && recorded.startsWith(`${unsigned}.`))
    return isJwt(text) && twin ? `${twin[1].slice(0, -6)}AAAAAA` : text
  }

  function differingText(recorded: string, live: string, path: string): string[] {
    const bound = known.get(recorded)
    if (bound !== undefined) return bound === live ? [] : [`${path}: ${live} is not ${bound}`]
    const form = forms.find(([, pattern]) => pattern.test(recorded))
    if (form?.[1].test(live)) {
      known.set(recorded, live)
      return isJwt(recorded) ? differingTokens(recorded, live, path) : []
    }
    const isSame = recorded.replace(anyId, '<id>') === live.replace(anyId, '<id>')
    return isSame ? [] : [`${path}: "${live}" instead of "${recorded}"`]
  }

  function differingTokens(recorded: string, live: string, path: string): string[] {
    const { iat: _, exp: __, ...recordedClaims } = decodeJwt(recorded)
    const { iat, exp, ...claims } = decodeJwt(live)
    return [
      ...(typeof iat === 'number' && typeof exp === 'number' ? [] : [`${path}: without times`]),
      ...bindings.differences(decodeProtectedHeader(recorded), decodeProtectedHeader(live), path),
      ...bindings.differences(recordedClaims, claims, path),
    ]
  }

  const bindings: Bindings = {
    bind: (recorded, live) => known.set(recorded, live),
    toLive(recorded) {
      if (typeof recorded === 'string') return toLiveText(recorded)
      if (Array.isArray(recorded)) return recorded.map(bindings.toLive)
      return isObject(recorded) ? mapValues(recorded, bindings.toLive) : recorded
    },
    differences(recorded, live, path = 'body') {
      if (typeof recorded === 'string' && typeof live === 'string') {
        return differingText(recorded, live, path)
      }
      if (isObject(recorded) && isObject(live)) {
        const names = new Set([...Object.keys(recorded), ...Object.keys(live)])
        return [...names].flatMap((name) =>
          bindings.differences(recorded[name], live[name], `${path}.${name}`),
        )
      }
      if (Array.isArray(recorded) && Array.isArray(live) && recorded.length === live.length) {
        return recorded.flatMap((item, index) =>
          bindings.differences(item, live[index], `${path}[${index}]`),
        )
      }
      if (isTime(recorded) && isTime(live)) return []
      const isSame = recorded === live && !Array.isArray(recorded)
      return isSame
        ? []
        : [`${path}: ${JSON.stringify(live)} instead of ${JSON.stringify(recorded)}`]
    },
  }
  return bindings
}

function isJwt(text: string): boolean {
  return /^eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+$/.test(text)
}

function isTime(value: unknown): boolean {
  return typeof value === 'number' && value > TIMES_FROM
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function mapValues(object: object, change: (value: unknown) => unknown): object {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]))
}
