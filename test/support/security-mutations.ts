/**
 * Session tokens spoiled in every layer they have: characters, segments, JSON text, header, claims,
 * signature. None of what comes out may be accepted, whoever sends it.
 */

import { createHmac } from 'node:crypto'
import { encode, type Signer } from './core-token.js'
import type { Random } from './random.js'
import { NOW_SECONDS, type SecurityApp } from './security-apps.js'

type Json = Record<string, unknown>
type Segments = readonly [header: string, payload: string, signature: string]

/** What an attacker has: good tokens, the public key, a key pair of its own. */
export interface Material {
  readonly app: SecurityApp
  readonly stranger: Signer
  readonly tokens: readonly string[]
}

export interface Mutation {
  readonly layer: string
  /** Whether it asks the app's own key for a signature, as only the vendor can. */
  readonly isSigned?: boolean
  make(token: string, random: Random, material: Material): string
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const STRAY = ['.', '=', '+', '/', '%', '%2E', '~', '!', '*', '\u00e9', '"', "'", '{', '\\']

const split = (token: string) => token.split('.') as unknown as Segments
const decode = (segment: string) => JSON.parse(Buffer.from(segment, 'base64url').toString()) as Json
const join = (...segments: readonly string[]) => segments.join('.')

const cut = (text: string, random: Random) => {
  const start = random.below(text.length)
  return [text.slice(0, start), text.slice(start)] as const
}

/** Another character than the one that was there. */
function replaceOne(text: string, random: Random, characters: readonly string[]): string {
  const index = random.below(text.length)
  const other = characters.filter((character) => character !== text[index])
  return text.slice(0, index) + random.pick(other) + text.slice(index + 1)
}

const alphabet = [...ALPHABET]

const characterMutations: readonly Mutation['make'][] = [
  (token, random) => replaceOne(token, random, alphabet),
  (token, random) => replaceOne(token, random, STRAY),
  (token, random) => {
    const [before, after] = cut(token, random)
    return before + random.pick([...alphabet, ...STRAY]) + after
  },
  (token, random) => {
    const index = random.below(token.length)
    return token.slice(0, index) + token.slice(index + 1)
  },
  (token, random) => cut(token, random)[0],
  (token, random) => token + random.pick([...alphabet, ...STRAY]).repeat(1 + random.below(4)),
  (token, random) => random.pick(['.', 'x', '=', 'AA']) + token,
  (token) => token.toLowerCase(),
  (token) => [...token].reverse().join(''),
]

/** The characters over which a lenient decoder reads the same bytes. */
const encodings: readonly Mutation['make'][] = [
  (token) => `${token}=`,
  (token) => `${token}==`,
  (token, random) => {
    const segments = [...split(token)]
    const index = random.below(3)
    segments[index] = `${segments[index]}${random.pick(['=', '==', '%3D'])}`
    return join(...segments)
  },
  (token) => {
    const [header, payload, signature] = split(token)
    // 256 bytes leave two bits over in the last character.
    const last = ALPHABET.indexOf(signature.at(-1) ?? 'A')
    return join(header, payload, signature.slice(0, -1) + ALPHABET[last ^ 1])
  },
  (token) => `${token.replaceAll('-', '+').replaceAll('_', '/')}=`,
  (token) => token.replace('.', '%2e.'),
  (token) => encodeURIComponent(`${token}=`),
]

const segmentMutations: readonly Mutation['make'][] = [
  (token) => join(...split(token).slice(0, 2)),
  (token) => join(...split(token).slice(0, 2), ''),
  (token) => join(...split(token), split(token)[2]),
  (token) => join(...split(token), ''),
  (token) => join('', ...split(token)),
  (token) => join(split(token)[1], split(token)[0], split(token)[2]),
  (token, random, { tokens }) => {
    const [header, payload] = split(token)
    const other = tokens.filter((candidate) => candidate !== token)
    return join(header, payload, split(random.pick(other))[2])
  },
  (token, random, { tokens }) => {
    const [header, , signature] = split(token)
    const other = tokens.filter((candidate) => candidate !== token)
    return join(header, split(random.pick(other))[1], signature)
  },
  (token, random) => {
    const [header, payload, signature] = split(token)
    return join(header, payload, signature.slice(0, random.below(signature.length)))
  },
  (token, random) => {
    const [header, payload, signature] = split(token)
    const bytes = Buffer.from(signature, 'base64url')
    const index = random.below(bytes.length)
    bytes[index] = (bytes[index] ?? 0) ^ (1 << random.below(8))
    return join(header, payload, encode(bytes))
  },
  (token, random) => {
    const [header, payload] = split(token)
    const size = random.pick([0, 1, 32, 64, 255, 256, 257, 512])
    const bytes = Uint8Array.from({ length: size }, () =>
      random.pick([0, 1, 255, random.below(256)]),
    )
    return join(header, payload, encode(bytes))
  },
]

/** Header members attackers have tried, by what they were meant to do. */
const headerEdits: readonly ((random: Random, header: Json, material: Material) => Json)[] = [
  (random) => ({
    alg: random.pick([
      'none',
      'None',
      'NONE',
      '',
      null,
      'HS256',
      'HS512',
      'rs256',
      'RS256 ',
      'RS384',
    ]),
  }),
  (random) => ({
    alg: random.pick(['PS256', 'ES256', 'EdDSA', ['RS256'], { RS256: 1 }, 256, true]),
  }),
  (random) => ({
    kid: random.pick(['', ' ', 'x', '../../../dev/null', "' OR 1=1 --", null, 0, [], {}, ['x']]),
  }),
  (_, { kid }) => ({ kid: `${kid} ` }),
  (_, __, { stranger: { publicJwk } }) => ({ jwk: publicJwk, kid: publicJwk.kid }),
  (random) => ({ [random.pick(['jku', 'x5u'])]: 'https://evil.example/jwks.json' }),
  () => ({ x5c: ['MIIB'], 'x5t#S256': 'AA' }),
  (random) => ({ crit: random.pick([[], ['b64'], ['exp'], null, '', 'x', 0]) }),
  () => ({ crit: ['b64'], b64: false }),
  (random) => ({ typ: random.pick(['at+jwt', 'JWE', 'dpop+jwt', '', null, 0, ['JWT']]) }),
  () => ({ zip: 'DEF', enc: 'A256GCM', alg: 'dir' }),
  (random) => ({ version: random.pick(['0', '1', '2', '-1', '5.5', 5, null, 'NaN']), kid: null }),
]

/** Claims wrong enough that a signature does not help. */
const fatalClaims: readonly ((random: Random, claims: Json) => Json)[] = [
  (random) => ({
    iss: random.pick([undefined, null, '', 'https://evil.example', 0, [], {}, true]),
  }),
  (random, { iss }) => ({
    iss: random.pick([
      [iss],
      `${iss}/`,
      `${iss} `,
      String(iss).toUpperCase(),
      `${iss}.evil.example`,
    ]),
  }),
  (random) => ({
    sub: random.pick([undefined, null, '', ' ', '\t\n', 0, 1, [], ['u'], {}, false]),
  }),
  (random) => ({
    exp: random.pick([undefined, null, '', 'never', `${NOW_SECONDS + 60}`, [], {}, true, 9e15, -1]),
  }),
  (random) => ({ exp: NOW_SECONDS - 6 - random.below(1e9) }),
  (random) => ({ exp: NOW_SECONDS + 60 + (1 + random.below(99)) / 100 }),
  (random) => ({ iat: random.pick([undefined, null, '', `${NOW_SECONDS}`, [], {}, true, 9e15]) }),
  (random) => ({ iat: NOW_SECONDS + 61 + random.below(1e6) }),
  (random) => ({ nbf: random.pick([null, '', `${NOW_SECONDS}`, [], {}, true, 0.5]) }),
  (random) => ({ nbf: NOW_SECONDS + 6 + random.below(1e6) }),
]

const vendorClaims: Readonly<Record<string, readonly ((random: Random) => Json)[]>> = {
  clerk: [
    (random) => ({ azp: random.pick([undefined, null, '', 'https://evil.example', [], {}, 0]) }),
    (random) => ({ sid: random.pick([undefined, null, '', 0, [], {}]) }),
    () => ({ sts: 'pending' }),
    (random) => ({ sub: random.pick(['mch_1', 'mch_']) }),
    (random) => ({ o: random.pick(['x', 7, { id: 7 }, { id: 'o', rol: 7 }, { id: 'o', per: 7 }]) }),
  ],
  supertokens: [
    (random) => ({ tId: random.pick([undefined, null, '', 'other', 'Public', ' public', 7, []]) }),
    (random) => ({ sessionHandle: random.pick([undefined, null, 7, [], {}, ' handle']) }),
    (random) => ({ refreshTokenHash1: random.pick([undefined, null, 7, [], {}]) }),
    (random) => ({ rsub: random.pick([undefined, null, 7, [], {}]) }),
    (random) => ({ stt: random.pick([1, 2, '0', null, [], {}]) }),
    () => ({ sub: ' user-1' }),
  ],
}

/** JSON text that two parsers might read in two ways. */
const textEdits: readonly ((random: Random, json: string) => string | Uint8Array)[] = [
  (_, json) => json.replace('{', '{"sub":"admin",'),
  (_, json) => json.replace(/\}$/, ',"sub":"admin"}'),
  (_, json) => json.replace('{', '{"\\u0073ub":"admin",'),
  (_, json) => json.replace('{', '{"exp":4102444800,'),
  (_, json) => json.replace('{', '{"m":{"a":1,"a":2},'),
  (_, json) => `\ufeff${json}`,
  (random, json) => {
    const bytes = Buffer.from(json.replace('{', '{"m":"#",'))
    bytes[bytes.indexOf('#')] = random.pick([0x80, 0xc0, 0xf8, 0xff])
    return bytes
  },
  (_, json) => json.replace(/"exp":\d+/, '"exp":1e999'),
  (_, json) => json.replace(/"exp":\d+/, '"exp":01'),
  (_, json) => json.replace(/"sub":"[^"]*"/, '"sub":NaN'),
  (_, json) => `${json}${json}`,
  (_, json) => json.slice(0, -1),
  (_, json) => `[${json}]`,
  (_, json) => JSON.stringify(json),
  (_, json) => `${json}//`,
  (_, json) => json.replaceAll('"', "'"),
  (random) => random.pick(['null', '1', '""', '[]', '{}', 'true', '']),
]

const merge = (base: Json, changes: Json) => JSON.stringify({ ...base, ...changes })

function editedHeader(token: string, random: Random, material: Material): string {
  const header = decode(split(token)[0])
  return merge(header, random.pick(headerEdits)(random, header, material))
}

function fatal(token: string, random: Random, { app }: Material): string {
  const claims = decode(split(token)[1])
  const edits = [...fatalClaims, ...(vendorClaims[app.vendor] ?? [])]
  return merge(claims, random.pick(edits)(random, claims))
}

/** Another person, a longer life, more rights: what a forged token would be for. */
function wished(token: string, random: Random): string {
  const claims = decode(split(token)[1])
  return merge(
    claims,
    random.pick<Json>([
      { sub: 'admin' },
      { exp: 4_102_444_800 },
      { 'st-role': { v: ['admin'], t: 0 } },
      { o: { id: 'org_1', rol: 'admin' } },
      { metadata: { roles: ['admin'] } },
      { act: { sub: 'admin' } },
      { __proto__: null, sid: 'sess_x', sessionHandle: 'x' },
    ]),
  )
}

/** What a careless verifier might take for an HMAC secret. */
function secretsOf({ publicPem, publicJwk, publicKey }: Signer): readonly (string | Buffer)[] {
  return [
    publicPem,
    publicPem.trim(),
    publicPem.replaceAll('\n', '\\n'),
    JSON.stringify(publicJwk),
    publicJwk.n ?? '',
    publicKey.export({ type: 'spki', format: 'der' }),
    publicKey.export({ type: 'pkcs1', format: 'pem' }),
    '',
    'secret',
    'undefined',
    'null',
  ]
}

const unsigned: readonly Mutation['make'][] = [
  // The old signature under another header or other claims.
  (token, random, material) =>
    join(encode(editedHeader(token, random, material)), ...split(token).slice(1)),
  (token, random) => {
    const [header, , signature] = split(token)
    return join(header, encode(wished(token, random)), signature)
  },
  (token, random) => {
    const [header, payload, signature] = split(token)
    const json = Buffer.from(payload, 'base64url').toString()
    return join(header, encode(random.pick(textEdits)(random, json)), signature)
  },
  // No signature, whatever it is called.
  (token, random) => {
    const alg = random.pick(['none', 'None', 'nOnE', 'NONE'])
    const header = merge(decode(split(token)[0]), { alg })
    const payload = random.chance(0.5) ? split(token)[1] : encode(wished(token, random))
    return join(encode(header), payload, random.pick(['', 'AA', split(token)[2]]))
  },
  // The public key as a secret, with `alg` telling so or lying.
  (token, random, { app: { signer } }) => {
    const alg = random.pick(['HS256', 'HS256', 'HS384', 'HS512', 'RS256'])
    const header = encode(merge(decode(split(token)[0]), { alg }))
    const input = join(header, encode(wished(token, random)))
    const hash = `sha${/\d+/.exec(alg)?.[0]}`
    const secret = random.pick(secretsOf(signer))
    return join(input, createHmac(hash, secret).update(input).digest('base64url'))
  },
]

const foreign: readonly Mutation['make'][] = [
  (token, random, { stranger }) =>
    stranger.sign(
      decode(split(token)[0]),
      random.chance(0.5) ? wished(token, random) : decode(split(token)[1]),
    ),
  (token, random, { stranger }) =>
    stranger.sign({ ...decode(split(token)[0]), jwk: stranger.publicJwk }, wished(token, random)),
]

const signed: readonly Mutation['make'][] = [
  (token, random, material) =>
    material.app.signer.sign(decode(split(token)[0]), fatal(token, random, material)),
  (token, random, { app }) => {
    const json = Buffer.from(split(token)[1], 'base64url').toString()
    const bytes = random.pick(textEdits)(random, json)
    return app.signer.signBytes(JSON.stringify(decode(split(token)[0])), bytes)
  },
  (token, random, { app }) => {
    const alg = random.pick(['RS384', 'PS256'] as const)
    const header = { ...decode(split(token)[0]), alg: random.pick([alg, 'RS256']) }
    return app.signer.signWith(alg, header, decode(split(token)[1]))
  },
]

const layers: readonly (readonly [string, readonly Mutation['make'][], boolean])[] = [
  ['characters', characterMutations, false],
  ['encoding', encodings, false],
  ['segments and signature', segmentMutations, false],
  ['header and claims, unsigned', unsigned, false],
  ['signed by another key', foreign, true],
  ['signed by the own key', signed, true],
]

export const mutations: readonly Mutation[] = layers.flatMap(([layer, makers, isSigned]) =>
  makers.map((make) => ({ layer, isSigned, make })),
)
