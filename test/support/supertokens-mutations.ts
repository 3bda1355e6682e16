/** Everything that can be wrong with an access token, one change at a time. */

import type { Algorithm, SigningKey } from './supertokens-tokens.js'

/** Why authmux refuses what the SDK accepts; each is deliberate. */
export type Strictness =
  | 'another issuer'
  | 'another tenant'
  | 'no subject'
  | 'blanks around an identity'
  | 'issued in the future'
  | 'times that are not whole seconds of a calendar'
  | 'a version spelled in another way'
  | 'a version before 3'
  | 'a key id of no known kind'
  | 'an encoding that is not the only one'

/** A token on the drawing board. */
export interface TokenDraft {
  header: Record<string, unknown>
  payload: Record<string, unknown>
  algorithm: Algorithm
  key: SigningKey
  /** JSON of header and payload, changed as text. */
  editHeader: (json: string) => string
  editPayload: (json: string) => string | Uint8Array
  /** The encoded payload, before it is signed. */
  editSegment: (segment: string) => string
  /** The finished token. */
  spoil: (token: string) => string
}

export interface Keys {
  readonly own: SigningKey
  readonly other: SigningKey
  readonly foreign: SigningKey
  readonly odd: SigningKey
}

export interface Mutation {
  readonly says: string
  /** Set where the SDK does not mind. */
  readonly strict?: Strictness
  readonly apply: (draft: TokenDraft, keys: Keys, now: number) => void
}

const header = (says: string, members: Record<string, unknown>, strict?: Strictness): Mutation => ({
  says: `header: ${says}`,
  ...(strict && { strict }),
  apply: (draft) => Object.assign(draft.header, members),
})

const payload = (
  says: string,
  members: (now: number) => Record<string, unknown>,
  strict?: Strictness,
): Mutation => ({
  says: `payload: ${says}`,
  ...(strict && { strict }),
  apply: (draft, _keys, now) => Object.assign(draft.payload, members(now)),
})

/** Values as JSON numbers that no number of JavaScript turns into. */
const number = (name: string, literal: string): Mutation => ({
  says: `payload: ${name} of ${literal}`,
  strict: 'times that are not whole seconds of a calendar',
  apply(draft) {
    draft.payload[name] = '#'
    const { editPayload } = draft
    draft.editPayload = (json) =>
      String(editPayload(json)).replace(`"${name}":"#"`, `"${name}":${literal}`)
  },
})

const odd = 'times that are not whole seconds of a calendar'
const encoding = 'an encoding that is not the only one'
const blanks = 'blanks around an identity'

const headerMutations: readonly Mutation[] = [
  header('version 4', { version: '4' }),
  header('version 3', { version: '3' }),
  header('version 99', { version: '99' }),
  header('version 05', { version: '05' }),
  header('no version', { version: undefined }),
  header('version 5abc', { version: '5abc' }, 'a version spelled in another way'),
  header('version with a blank', { version: ' 5' }, 'a version spelled in another way'),
  header('version 5.9', { version: '5.9' }, 'a version spelled in another way'),
  header('version 99999', { version: '99999' }, 'a version spelled in another way'),
  header('version 2', { version: '2' }),
  header('version -5', { version: '-5' }),
  header('version 0x5', { version: '0x5' }, 'a version spelled in another way'),
  header('an empty version', { version: '' }),
  header('a version that is a number', { version: 5 }),
  header('a version of null', { version: null }),
  header('an unknown dynamic key', { kid: 'd-9' }),
  header('an unknown static key', { kid: 's-9' }),
  header('no key id', { kid: undefined }),
  header('a key id that is a number', { kid: 7 }),
  header('an empty key id', { kid: '' }),
  header('no type', { typ: undefined }),
  header('type jwt', { typ: 'jwt' }),
  header('type at+jwt', { typ: 'at+jwt' }),
  header('a key of its own', { jwk: { kty: 'oct', k: 'AA' }, jku: 'https://evil.example/jwks' }),
  header('an unknown critical extension', { crit: ['x'], x: 1 }),
  header('unencoded payload, critical', { crit: ['b64'], b64: false }),
  header('unencoded payload, not critical', { b64: false }),
  header('no critical extensions', { crit: [] }),
  header('a content type', { cty: 'JWT' }),
  {
    says: 'header: a member twice',
    strict: encoding,
    apply: (draft) => {
      draft.editHeader = (json) => json.replace('{', '{"typ":"other",')
    },
  },
  {
    says: 'key: the other kind',
    apply: (draft, { other }) =>
      Object.assign(draft, { key: other }, { header: { ...draft.header, kid: other.kid } }),
  },
  {
    says: 'key: of no known kind',
    strict: 'a key id of no known kind',
    apply: (draft, { odd: key }) =>
      Object.assign(draft, { key, header: { ...draft.header, kid: key.kid } }),
  },
  {
    says: 'key: somebody else’s',
    apply: (draft, { foreign }) => Object.assign(draft, { key: foreign }),
  },
  ...(['none', 'HS256', 'RS384', 'RS512', 'PS256'] as const).flatMap((algorithm): Mutation[] => [
    {
      says: `algorithm: ${algorithm}`,
      apply: (draft) =>
        Object.assign(draft, { algorithm, header: { ...draft.header, alg: algorithm } }),
    },
    {
      says: `algorithm: ${algorithm}, said to be RS256`,
      apply: (draft) => Object.assign(draft, { algorithm }),
    },
  ]),
]

/** Sessions from before 2023: no key id, and other names for everything. */
const versionTwo: Mutation = {
  says: 'version 2, as it was',
  strict: 'a version before 3',
  apply(draft, _keys, now) {
    draft.editHeader = () => '{"alg":"RS256","typ":"JWT","version":"2"}'
    const { sub: userId, sessionHandle, refreshTokenHash1 } = draft.payload
    const times = { expiryTime: (now + 3600) * 1000, timeCreated: now * 1000 }
    draft.payload = { userId, sessionHandle, refreshTokenHash1, userData: {}, ...times }
  },
}

const payloadMutations: readonly Mutation[] = [
  payload('another issuer', () => ({ iss: 'https://evil.example' }), 'another issuer'),
  payload('no issuer', () => ({ iss: undefined }), 'another issuer'),
  payload('an issuer of null', () => ({ iss: null }), 'another issuer'),
  payload('a list of issuers', () => ({ iss: ['http://localhost/auth'] }), 'another issuer'),
  payload('an issuer with a slash', () => ({ iss: 'http://localhost/auth/' }), 'another issuer'),
  payload('an audience', () => ({ aud: 'somewhere' })),
  payload('an empty subject', () => ({ sub: '' }), 'no subject'),
  payload('a blank subject', () => ({ sub: '  ' }), 'no subject'),
  payload('blanks around the subject', () => ({ sub: ' user-1 ' }), blanks),
  payload('a subject that is a number', () => ({ sub: 7 })),
  payload('no subject', () => ({ sub: undefined })),
  payload('no recipe user', () => ({ rsub: undefined })),
  payload('a recipe user that is a number', () => ({ rsub: 7 })),
  payload('an empty recipe user', () => ({ rsub: '' })),
  payload('another tenant', () => ({ tId: 'other' }), 'another tenant'),
  payload('a tenant in another case', () => ({ tId: 'Public' }), 'another tenant'),
  payload('blanks around the tenant', () => ({ tId: ' public ' }), 'another tenant'),
  payload('no tenant', () => ({ tId: undefined }), 'another tenant'),
  payload('a tenant that is a number', () => ({ tId: 7 }), 'another tenant'),
  payload('no handle', () => ({ sessionHandle: undefined })),
  payload('a handle that is a number', () => ({ sessionHandle: 7 })),
  payload('blanks around the handle', () => ({ sessionHandle: ' handle ' }), blanks),
  payload('no hash', () => ({ refreshTokenHash1: undefined })),
  payload('a hash that is a number', () => ({ refreshTokenHash1: 7 })),
  payload('an empty hash', () => ({ refreshTokenHash1: '' })),
  payload('a parent', () => ({ parentRefreshTokenHash1: 'parent' })),
  payload('an empty parent', () => ({ parentRefreshTokenHash1: '' })),
  payload('a parent that is a number', () => ({ parentRefreshTokenHash1: 7 })),
  payload('no anti-CSRF token', () => ({ antiCsrfToken: null })),
  payload('an anti-CSRF token that is a number', () => ({ antiCsrfToken: 7 })),
  payload('blanks around the anti-CSRF token', () => ({ antiCsrfToken: ' anti-csrf ' })),
  payload('issued in half a minute', (now) => ({ iat: now + 30 })),
  payload('issued in two minutes', (now) => ({ iat: now + 120 }), 'issued in the future'),
  payload('issued at no whole second', (now) => ({ iat: now - 0.5 }), odd),
  payload('issued before 1970', () => ({ iat: -1 })),
  payload('issued at a text', (now) => ({ iat: String(now) })),
  payload('never issued', () => ({ iat: undefined })),
  payload('expiring now', (now) => ({ exp: now })),
  payload('expiring in a second', (now) => ({ exp: now + 1 })),
  payload('expired a second ago', (now) => ({ exp: now - 1 })),
  payload('expiring at no whole second', (now) => ({ exp: now + 1.5 }), odd),
  payload('expiring at a text', (now) => ({ exp: String(now + 60) })),
  payload('never expiring', () => ({ exp: undefined })),
  payload('expiring after the last day', () => ({ exp: 9e15 }), odd),
  payload('valid since a while', (now) => ({ nbf: now - 60 })),
  payload('valid from now on', (now) => ({ nbf: now })),
  payload('not valid yet', (now) => ({ nbf: now + 1 })),
  payload('valid from no whole second on', (now) => ({ nbf: now - 0.5 }), odd),
  payload('valid from a text on', () => ({ nbf: '0' })),
  payload('valid from null on', () => ({ nbf: null })),
  payload('token type 0', () => ({ stt: 0 })),
  payload('token type 1', () => ({ stt: 1 })),
  payload('token type null', () => ({ stt: null })),
  payload('token type in words', () => ({ stt: '0' })),
  payload('further claims', () => ({ 'st-role': { v: ['admin'], t: 1 }, nested: [{ a: [null] }] })),
  payload('an address not verified', (now) => ({ 'st-ev': { v: false, t: now * 1000 } })),
  payload('an address verified in words', (now) => ({ 'st-ev': { v: 'true', t: now * 1000 } })),
  payload('nothing about the address', () => ({ 'st-ev': undefined })),
  payload('more than fits', () => ({ ballast: 'x'.repeat(8192) }), encoding),
  number('exp', '1e999'),
  number('iat', '-1e999'),
  number('nbf', '-1e999'),
]

const edit = (says: string, change: TokenDraft['editPayload'], strict?: Strictness): Mutation => ({
  says: `text: ${says}`,
  ...(strict && { strict }),
  apply: (draft) => {
    draft.editPayload = change
  },
})

const spoil = (says: string, change: TokenDraft['spoil'], strict?: Strictness): Mutation => ({
  says: `token: ${says}`,
  ...(strict && { strict }),
  apply: (draft) => {
    draft.spoil = change
  },
})

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Another last character for the same bytes: the bits it leaves over are not looked at. */
const withSpareBits = (text: string) =>
  text.slice(0, -1) + (ALPHABET[ALPHABET.indexOf(text.at(-1) ?? 'A') + 1] ?? 'B')

const segments = (token: string) => token.split('.') as [string, string, string]

const textMutations: readonly Mutation[] = [
  edit('white space', (json) => json.replaceAll(',', ' ,\n ')),
  edit(
    'a member twice, the last one right',
    (json) => json.replace('{', '{"sub":"somebody",'),
    encoding,
  ),
  edit(
    'a member twice, spelled in another way',
    (json) => json.replace('{', '{"\\u0073ub":"x",'),
    encoding,
  ),
  edit('a byte order mark', (json) => `\ufeff${json}`),
  edit(
    'bytes that are no text',
    (json) => {
      const bytes = Buffer.from(json.replace('{', '{"extra":"#",'))
      bytes[bytes.indexOf('#')] = 0xff
      return bytes
    },
    encoding,
  ),
  edit('a member called __proto__', (json) => json.replace('{', '{"__proto__":{"sub":"x"},')),
  edit('null', () => 'null'),
  edit('a list', () => '[]'),
  edit('no JSON', () => '{'),
  {
    says: 'text: spare bits in the payload',
    strict: encoding,
    apply: (draft) => {
      // A blank or two make the length one that leaves bits over.
      draft.editPayload = (json) => json.padEnd(Math.ceil(json.length / 3) * 3 + 1)
      draft.editSegment = withSpareBits
    },
  },
  {
    says: 'text: a padded payload',
    strict: encoding,
    apply: (draft) => {
      draft.editSegment = (segment) => `${segment}=`
    },
  },
  spoil('padded', (token) => `${token}==`, encoding),
  spoil('padded by one', (token) => `${token}=`, encoding),
  spoil('spare bits in the signature', withSpareBits, encoding),
  spoil(
    'the other alphabet',
    (token) => {
      const [head, body, signature] = segments(token)
      return `${head}.${body}.${signature.replaceAll('-', '+').replaceAll('_', '/')}`
    },
    encoding,
  ),
  spoil('a flipped bit', (token) => {
    const [head, body, signature] = segments(token)
    return `${head}.${body}.${signature[0] === 'A' ? 'B' : 'A'}${signature.slice(1)}`
  }),
  spoil('half a signature', (token) => token.slice(0, -100)),
  spoil('no signature', (token) => token.slice(0, token.lastIndexOf('.') + 1)),
  spoil('two parts', (token) => token.slice(0, token.lastIndexOf('.'))),
  spoil('four parts', (token) => `${token}.AA`),
  spoil('a blank inside', (token) => token.replace('.', '. ')),
  spoil('nothing', () => ''),
  spoil('null', () => 'null'),
  spoil('a payload of another token', (token) => {
    const [head, , signature] = segments(token)
    return `${head}.e30.${signature}`
  }),
]

export const mutations: readonly Mutation[] = [
  versionTwo,
  ...headerMutations,
  ...payloadMutations,
  ...textMutations,
]
