/** The differences between authmux and Clerk's SDK: two closed lists, every entry with its reason. */

import { parseCookie } from 'cookie'
import { type JsonObject, parseToken } from '../../src/jwt/token.js'
import { ORIGIN } from './clerk-app.js'
import type { Bench, Identity, Judgement } from './clerk-oracle.js'

/**
 * What authmux leaves aside where Clerk would not. Without it, Clerk has to come to our verdict: that
 * is the only excuse there is for accepting what Clerk refuses.
 */
const leniencies = {
  'a foreign Authorization beside own cookies': (request: Request, bench: Bench) => {
    const bearer = /^Bearer (.*)$/.exec(request.headers.get('authorization') ?? '')?.[1]
    const issuer = parseToken(bearer ?? '')?.payload.iss
    if (bench.issuers.some((own) => own === issuer)) return null
    return rebuild(request, (headers) => headers.delete('authorization'))
  },
  'a handshake answer outside the healing address': (request: Request) =>
    rebuild(request, (headers, url) => {
      const names = ['__clerk_handshake', '__clerk_handshake_nonce']
      for (const name of names) url.searchParams.delete(name)
      const cookies = headers.get('cookie')?.split(/; ?/) ?? []
      const others = cookies.filter((pair) => !names.includes(pair.split('=')[0]?.trim() ?? ''))
      headers.set('cookie', others.join('; '))
    }),
  'a handshake for a session that is valid': (request: Request) =>
    rebuild(request, (headers) => {
      for (const name of ['sec-fetch-dest', 'accept', 'referer']) headers.delete(name)
    }),
  'a cookie that makes the SDK throw, beside an own bearer token': (
    request: Request,
    _: Bench,
    reason: string,
  ) => {
    if (!reason.startsWith('threw')) return null
    return rebuild(request, (headers) => headers.delete('cookie'))
  },
} as const satisfies Record<
  string,
  (request: Request, bench: Bench, reason: string) => Request | null
>

type Leniency = keyof typeof leniencies

export const leniencyNames: readonly string[] = Object.keys(leniencies)

/** Every set of entries but the empty one, small sets first. */
const subsets: readonly (readonly Leniency[])[] = Array.from(
  { length: 2 ** leniencyNames.length - 1 },
  (_, index) =>
    (Object.keys(leniencies) as Leniency[]).filter((_, bit) => ((index + 1) >> bit) & 1),
).sort((one, other) => one.length - other.length)

/**
 * Why we accept a request as somebody Clerk does not see in it.
 * @returns the entries of the list that together explain it; `null` when they do not.
 */
export async function explainLeniency(
  request: Request,
  ours: Identity,
  bench: Bench,
): Promise<readonly string[] | null> {
  const verdict = await bench.judge(request)
  const reason = verdict.kind === 'refused' ? verdict.reason : ''
  for (const subset of subsets) {
    let changed: Request | null = request
    for (const name of subset) changed = changed && leniencies[name](changed, bench, reason)
    const judgement = changed && (await bench.judge(changed))
    if (judgement?.kind === 'accepted' && isSame(judgement.identity, ours)) return subset
  }
  return null
}

export function isSame(one: Identity, other: Identity): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

function rebuild(request: Request, edit: (headers: Headers, url: URL) => void): Request {
  const headers = new Headers(request.headers)
  const url = new URL(request.url)
  edit(headers, url)
  return new Request(url, { method: request.method, headers })
}

/** What a strictness is decided on: the token Clerk accepted, and the request around it. */
interface Accepted {
  readonly request: Request
  readonly bench: Bench
  readonly judgement: Extract<Judgement, { kind: 'accepted' }>
  readonly header: JsonObject
  readonly payload: JsonObject
  /** JSON text of header and payload. */
  readonly texts: readonly Uint8Array[]
  /** Whether the token came in a cookie. */
  readonly isCookie: boolean
}

const isText = (value: unknown) => typeof value === 'string'
const isNothing = (value: unknown) => value === undefined || value === null
const isWhole = (value: unknown) =>
  Number.isInteger(value) && Math.abs(Number(value)) <= 8_640_000_000_000

/** What authmux refuses although Clerk accepts it, and how to recognise it. */
const strictnesses: Readonly<Record<string, (accepted: Accepted) => boolean>> = {
  'a token without the Bearer scheme': ({ request, judgement }) =>
    request.headers.get('authorization') === judgement.token,
  'something behind the token': ({ request, isCookie }) =>
    !isCookie && /^Bearer \S+ ./.test(request.headers.get('authorization') ?? ''),
  'a session out of a handshake answer': ({ judgement }) => judgement.isAnswer,
  'cookies of a request from elsewhere': ({ request, isCookie }) =>
    isCookie && !isFromHere(request),
  'a token of more than 8192 characters': ({ judgement }) => judgement.token.length > 8192,
  'base64 with padding': ({ judgement }) => judgement.token.includes('='),
  'text that is no UTF-8, or begins with a byte order mark': ({ texts }) =>
    texts.some((bytes) => {
      const text = Buffer.from(bytes).toString('utf8')
      return text.startsWith('\ufeff') || Buffer.compare(Buffer.from(text), bytes) !== 0
    }),
  'a member twice': ({ texts }) => texts.some(repeatsMember),
  'a critical extension': ({ header }) => 'crit' in header,
  'a key id that is no text': ({ header: { kid } }) => kid !== undefined && !isText(kid),
  'another issuer': ({ payload, bench }) => !bench.issuers.some((issuer) => issuer === payload.iss),
  'an empty subject': ({ payload }) => String(payload.sub).trim() === '',
  'no session id': ({ payload: { sid } }) => !isText(sid) || sid === '',
  'no issue time': ({ payload: { iat } }) => iat === undefined,
  'a time that is no whole second': ({ payload: { exp, iat, nbf } }) =>
    [exp, iat, nbf].some((time) => time !== undefined && !isWhole(time)),
  'no audience, or one that is no text, where one is configured': ({ payload, bench }) => {
    const values = [payload.aud].flat()
    return (
      bench.audience !== null &&
      !(values.length > 0 && values.every((value) => value && isText(value)))
    )
  },
  'organisation claims of a wrong type': ({ payload }) => !isOrganisationTyped(payload),
  'a neighbouring session cookie that is malformed': ({ request, bench, isCookie }) => {
    const cookies = parseCookie(request.headers.get('cookie') ?? '')
    const names = ['__session', `__session_${bench.instance.suffix}`]
    return isCookie && names.some((name) => cookies[name] && !parseToken(cookies[name]))
  },
  'a time of change in hexadecimal': ({ request, isCookie }) =>
    isCookie && /__client_uat[^=;]*=\s*0x/.test(request.headers.get('cookie') ?? ''),
  'an address to synchronise with that Clerk does not follow': ({ request, bench, isCookie }) =>
    isCookie &&
    !bench.instance.isProduction &&
    new URL(request.url).searchParams.has('__clerk_redirect_url'),
}

export const strictnessNames: readonly string[] = Object.keys(strictnesses)

/** Why we refuse a request that Clerk accepts: every entry of the list that applies. */
export function explainStrictness(
  request: Request,
  judgement: Extract<Judgement, { kind: 'accepted' }>,
  bench: Bench,
): readonly string[] {
  const [header = '', payload = ''] = judgement.token.split('.')
  const texts = [header, payload].map((part) => Buffer.from(part, 'base64url'))
  const [headerValue, payloadValue] = texts.map(
    (bytes) => JSON.parse(new TextDecoder().decode(bytes)) as JsonObject,
  )
  const accepted: Accepted = {
    request,
    bench,
    judgement,
    header: headerValue ?? {},
    payload: payloadValue ?? {},
    texts,
    isCookie: headerToken(request) !== judgement.token,
  }
  return strictnessNames.filter((name) => strictnesses[name]?.(accepted))
}

/** The token Clerk takes from the `Authorization` header: its second word, or its only one. */
function headerToken(request: Request): string | null {
  const [scheme = null, token] = request.headers.get('authorization')?.split(' ', 2) ?? []
  if (!token) return scheme
  return scheme === 'Bearer' ? token : null
}

function isFromHere(request: Request): boolean {
  if (['GET', 'HEAD', 'OPTIONS'].includes(request.method)) return true
  const { origin, 'sec-fetch-site': site } = Object.fromEntries(request.headers)
  return site === 'same-origin' || (origin === undefined ? site === undefined : origin === ORIGIN)
}

function repeatsMember(bytes: Uint8Array): boolean {
  const text = new TextDecoder().decode(bytes)
  const written = text.match(/"(?:[^"\\]|\\.)*"\s*:/g)?.length ?? 0
  let kept = 0
  JSON.parse(text, (_, value) => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      kept += Object.keys(value).length
    }
    return value
  })
  return written !== kept
}

function isOrganisationTyped({
  v,
  o,
  fea,
  org_id,
  org_role,
  org_permissions,
}: JsonObject): boolean {
  const isOptionalText = (value: unknown) => isNothing(value) || isText(value)
  if (v !== 2) {
    const list = org_permissions ?? []
    return [org_id, org_role].every(isOptionalText) && Array.isArray(list) && list.every(isText)
  }
  if (!o) return true
  const { id, rol, per, fpm } = o as JsonObject
  return typeof o === 'object' && [id, rol, per, fpm, fea].every(isOptionalText)
}
