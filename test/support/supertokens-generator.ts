/** Requests for the comparison with the SDK: every way to spoil one, alone and in combination. */

import type { AntiCsrfMode } from '../../providers/supertokens/settings.js'
import type { Random } from './random.js'
import { ISSUER, NOW, ORIGIN } from './supertokens-app.js'
import type { IssuedSession } from './supertokens-core.js'
import { type Keys, type Mutation, mutations, type TokenDraft } from './supertokens-mutations.js'
import { payloadOf, signInput, signToken } from './supertokens-tokens.js'

/** What the tokens of a run are made from. */
export interface Material {
  readonly keys: Keys
  readonly antiCsrf: AntiCsrfMode
  /** Two people's sessions; the second one only ever comes untouched. */
  readonly mine: IssuedSession
  readonly theirs: IssuedSession
}

/** A token to send, and what has been done to it. */
interface SentToken {
  readonly text: string
  readonly mutations: readonly Mutation[]
}

export interface GeneratedCase {
  readonly says: string
  readonly bearer: SentToken | null
  readonly cookie: SentToken | null
  /** Peculiarities of the request itself, as far as somebody may mind them. */
  readonly traits: ReadonlySet<Trait>
  readonly asksVendor: boolean
  request(): Request
}

export type Trait =
  | 'from another site'
  | 'a cookie twice, once with blanks in its name'
  | 'a quoted cookie'
  | 'a legacy cookie without a value'

type Carrier = 'bearer' | 'cookie'

interface RequestDraft {
  method: string
  headers: Record<string, string>
  scheme: string
  cookies: (token: string) => string
  traits: Set<Trait>
}

interface Arrangement {
  readonly says: string
  readonly trait?: Trait
  readonly cookies: (token: string) => string
}

const ARRANGEMENTS: readonly Arrangement[] = [
  { says: 'twice', cookies: (token) => `sAccessToken=${token}; sAccessToken=${token}` },
  { says: 'twice, another one first', cookies: (token) => `sAccessToken=x; sAccessToken=${token}` },
  {
    says: 'twice, once without a value',
    cookies: (token) => `sAccessToken=${token}; sAccessToken`,
  },
  {
    says: 'twice, once in disguise',
    cookies: (token) => `sAccessToken=${token}; %73AccessToken=x`,
  },
  {
    says: 'twice, once with a blank in the name',
    trait: 'a cookie twice, once with blanks in its name',
    cookies: (token) => `sAccessToken=${token}; sAccessToken =x`,
  },
  { says: 'in disguise', cookies: (token) => `%73AccessToken=${token}` },
  { says: 'in lower case', cookies: (token) => `saccesstoken=${token}` },
  { says: 'percent-encoded', cookies: (token) => `sAccessToken=${token.replaceAll('.', '%2E')}` },
  {
    says: 'quoted',
    trait: 'a quoted cookie',
    cookies: (token) => `sAccessToken="${token}"`,
  },
  { says: 'with a legacy cookie', cookies: (token) => `sAccessToken=${token}; sIdRefreshToken=x` },
  {
    says: 'with an empty legacy cookie',
    cookies: (token) => `sIdRefreshToken=; sAccessToken=${token}`,
  },
  {
    says: 'with the name of a legacy cookie',
    trait: 'a legacy cookie without a value',
    cookies: (token) => `sAccessToken=${token}; sIdRefreshToken`,
  },
  {
    says: 'among malformed ones',
    cookies: (token) => `a=%E0%A4%A; b; =; sAccessToken=${token}; c=d=e`,
  },
]

const SITES: readonly Readonly<Record<string, string>>[] = [
  {},
  { 'sec-fetch-site': 'same-origin', origin: ORIGIN },
  { 'sec-fetch-site': 'same-site', origin: ORIGIN },
  { 'sec-fetch-site': 'none' },
  { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
  { 'sec-fetch-site': 'same-site', origin: 'http://sub.localhost' },
  { 'sec-fetch-site': 'cross-site' },
  { origin: 'https://evil.example' },
  { origin: 'null' },
  { origin: ORIGIN },
]

const ANTI_CSRF: readonly Readonly<Record<string, string>>[] = [
  {},
  { rid: 'session' },
  { rid: '' },
  { 'anti-csrf': 'anti-csrf' },
  { 'anti-csrf': 'anti-csrf', rid: 'anti-csrf' },
  { 'anti-csrf': 'wrong' },
  { 'anti-csrf': '' },
]

const METHODS = ['GET', 'POST', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const
const SCHEMES = [
  'Bearer ',
  'bearer ',
  'BEARER ',
  'Bearer  ',
  'Bearer',
  'Basic ',
  'Bearer Bearer ',
] as const

/** Whether cookies on this request do not count: the rule, said once more and in other words. */
function comesFromAnotherSite({ method, headers }: RequestDraft): boolean {
  if (['GET', 'HEAD', 'OPTIONS'].includes(method)) return false
  const { origin, 'sec-fetch-site': site } = headers
  if (site === 'same-origin') return false
  return origin === undefined ? site !== undefined : origin !== ORIGIN
}

function makeToken(material: Material, changes: readonly Mutation[]): SentToken {
  const draft: TokenDraft = {
    header: { alg: 'RS256', kid: material.keys.own.kid, typ: 'JWT', version: '5' },
    payload: {
      ...payloadOf(material.mine.accessToken),
      'st-ev': { v: true, t: NOW },
      ...(material.antiCsrf === 'VIA_TOKEN' && { antiCsrfToken: 'anti-csrf' }),
    },
    algorithm: 'RS256',
    key: material.keys.own,
    editHeader: (json) => json,
    editPayload: (json) => json,
    editSegment: (segment) => segment,
    spoil: (token) => token,
  }
  for (const { apply } of changes) apply(draft, material.keys, NOW / 1000)
  const head = Buffer.from(draft.editHeader(JSON.stringify(draft.header))).toString('base64url')
  const body = Buffer.from(draft.editPayload(JSON.stringify(draft.payload))).toString('base64url')
  const input = `${head}.${draft.editSegment(body)}`
  const token = `${input}.${signInput(draft.key, input, draft.algorithm)}`
  return { text: draft.spoil(token), mutations: changes }
}

/** Bearer tokens that are no session of this app, whatever they look like. */
function strangers({ keys }: Material): readonly (readonly [string, string])[] {
  const clerk = { iss: 'https://clerk.example.com', sub: 'user_2', sid: 'sess_1' }
  const template = { iss: ISSUER, sub: 'user-1', iat: NOW / 1000, exp: NOW / 1000 + 60 }
  return [
    ['a JWT of another vendor', signToken(keys.foreign, clerk)],
    ['a token of a template', signToken(keys.other, template)],
    ['garbage', 'garbage'],
    ['an API key', 'sk_live_1234'],
  ]
}

/** Every change alone, in every place, and every peculiarity of a request. */
export function* systematicCases(material: Material): Generator<GeneratedCase> {
  const plain = makeToken(material, [])
  for (const mutation of mutations) {
    const token = makeToken(material, [mutation])
    yield finish(blank(), { bearer: token })
    // With every proof there is, so that the token alone decides.
    const proof = { rid: 'session', 'anti-csrf': 'anti-csrf' }
    yield finish({ ...blank(), method: 'POST', headers: proof }, { cookie: token })
    const both = { bearer: token, cookie: untouched(material) }
    yield finish(blank(), both)
    if (mutation.strict) yield finish(blank(), both, '', true)
  }
  for (const [says, text] of strangers(material)) {
    const bearer = { text, mutations: [{ says, apply: () => undefined }] }
    yield finish(blank(), { bearer, cookie: plain })
    yield finish(blank(), { bearer })
  }
  for (const scheme of SCHEMES) {
    yield finish({ ...blank(), scheme }, { bearer: plain })
    yield finish({ ...blank(), scheme }, { bearer: plain, cookie: untouched(material) })
  }
  for (const arrangement of ARRANGEMENTS) {
    const draft = blank()
    arrange(draft, arrangement)
    yield finish(draft, { cookie: plain }, arrangement.says)
  }
  for (const method of METHODS) {
    for (const proof of ANTI_CSRF) {
      yield finish({ ...blank(), method, headers: { ...proof } }, { cookie: plain })
    }
    for (const site of SITES) {
      const headers = { rid: 'x', 'anti-csrf': 'anti-csrf', ...site }
      yield finish({ ...blank(), method, headers }, { cookie: plain })
    }
  }
}

export function randomCase(material: Material, random: Random): GeneratedCase {
  const draft = blank()
  draft.method = random.pick(METHODS)
  draft.headers = { ...random.pick(ANTI_CSRF), ...(random.chance(0.5) && random.pick(SITES)) }
  if (random.chance(0.1)) draft.scheme = random.pick(SCHEMES)
  let says = ''
  if (random.chance(0.2)) {
    const arrangement = random.pick(ARRANGEMENTS)
    arrange(draft, arrangement)
    says = arrangement.says
  }
  const spoiled = () => {
    const count = random.pick([0, 1, 1, 1, 2, 2, 3])
    return makeToken(
      material,
      Array.from({ length: count }, () => random.pick(mutations)),
    )
  }
  const stranger = () => {
    const [name, text] = random.pick(strangers(material))
    return { text, mutations: [{ says: name, apply: () => undefined }] }
  }
  const tokens: Partial<Record<Carrier, SentToken>> = random.pick([
    () => ({ bearer: spoiled() }),
    () => ({ cookie: spoiled() }),
    () => ({ bearer: spoiled(), cookie: untouched(material) }),
    () => ({ bearer: untouched(material), cookie: spoiled() }),
    () => ({ bearer: stranger(), cookie: spoiled() }),
  ])()
  return finish(draft, tokens, says, random.chance(0.15))
}

/** Somebody else's session, as the core has made it. */
const untouched = ({ theirs }: Material): SentToken => ({ text: theirs.accessToken, mutations: [] })

function blank(): RequestDraft {
  return {
    method: 'GET',
    headers: {},
    scheme: 'Bearer ',
    cookies: (token) => `sAccessToken=${token}`,
    traits: new Set(),
  }
}

function arrange(draft: RequestDraft, { cookies, trait }: Arrangement): void {
  draft.cookies = cookies
  if (trait) draft.traits.add(trait)
}

function finish(
  draft: RequestDraft,
  { bearer = null, cookie = null }: { bearer?: SentToken | null; cookie?: SentToken | null },
  arrangement = '',
  asksVendor = false,
): GeneratedCase {
  const headers: Record<string, string> = { ...draft.headers }
  if (bearer) headers.authorization = draft.scheme + bearer.text
  if (cookie) headers.cookie = draft.cookies(cookie.text)
  const traits = new Set(draft.traits)
  if (comesFromAnotherSite(draft)) traits.add('from another site')
  const listed = (token: SentToken | null) =>
    token ? `[${token.mutations.map(({ says }) => says).join(' + ') || 'untouched'}]` : 'none'
  const says = [
    draft.method,
    `bearer ${listed(bearer)}${draft.scheme === 'Bearer ' ? '' : ` as ${JSON.stringify(draft.scheme)}`}`,
    `cookie ${listed(cookie)}${arrangement && ` ${arrangement}`}`,
    JSON.stringify(draft.headers),
    asksVendor ? 'asking the vendor' : '',
  ].join(', ')
  return {
    says,
    bearer: asSent(bearer, draft.scheme),
    cookie,
    traits,
    asksVendor,
    request: () => new Request(`${ORIGIN}/api/guarded`, { method: draft.method, headers }),
  }
}

/** A bearer token as it is taken from its header; `null` where the header has none. */
function asSent(bearer: SentToken | null, scheme: string): SentToken | null {
  if (!bearer || !scheme.startsWith('Bearer ')) return null
  const before = scheme.slice('Bearer '.length)
  const isSetOff = before !== '' && before.trim() === ''
  const further: readonly Mutation[] = isSetOff ? [setOff] : []
  return { text: before + bearer.text, mutations: [...bearer.mutations, ...further] }
}

const setOff: Mutation = {
  says: 'two blanks before the token',
  strict: 'an encoding that is not the only one',
  apply: () => undefined,
}
