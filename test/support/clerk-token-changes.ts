/** What can be wrong, odd or merely different about a session token. */

import { NOW_SECONDS, ORIGIN } from './clerk-app.js'
import type { DraftInstance, RequestDraft, TokenDraft } from './clerk-draft.js'

/** One change to a request; changes to the same place exclude each other. */
export interface Change {
  readonly place: string
  readonly says: string
  apply(draft: RequestDraft, instance: DraftInstance): void
}

/** Values no claim was meant to have. */
const nonsense: readonly unknown[] = [undefined, null, '', ' ', 0, 1.5, true, [], {}, ['x'], 'x']

const times = [-3600, -61, -6, -5, -4, -3, -1, 0, 1, 3, 4, 5, 6, 61, 3600]

function changeToken(place: string, says: string, edit: (token: TokenDraft) => void): Change {
  return { place, says: `${place}: ${says}`, apply: ({ tokens }) => edit(tokens.token) }
}

function put(target: Record<string, unknown>, name: string, value: unknown): void {
  if (value === undefined) delete target[name]
  else target[name] = value
}

function claim(name: string, values: readonly unknown[]): Change[] {
  return values.map((value) =>
    changeToken(name, value === undefined ? 'none' : JSON.stringify(value), ({ payload }) =>
      put(payload, name, value),
    ),
  )
}

function header(name: string, values: readonly unknown[]): Change[] {
  return values.map((value) =>
    changeToken(`header ${name}`, value === undefined ? 'none' : JSON.stringify(value), (token) =>
      put(token.header, name, value),
    ),
  )
}

const issuers: Change[] = [
  ...claim('iss', [...nonsense, 'https://clerk.elsewhere.test', 'https://clerk.satellite.test']),
  ...(
    [
      ['without its scheme', ({ frontendApi }) => frontendApi],
      ['over http', ({ frontendApi }) => `http://${frontendApi}`],
      ['with its scheme twice', ({ issuer }) => `https://${issuer}`],
      ['with a slash', ({ issuer }) => `${issuer}/`],
      ['with more behind it', ({ issuer }) => `${issuer}.evil.test`],
      ['in capitals', ({ issuer }) => issuer.toUpperCase()],
      ['in a list', ({ issuer }) => [issuer]],
    ] as const satisfies readonly (readonly [string, (instance: DraftInstance) => unknown])[]
  ).map(([says, make]) => ({
    place: 'iss',
    says: `iss: ${says}`,
    apply({ tokens }: RequestDraft, instance: DraftInstance) {
      tokens.token.payload.iss = make(instance)
    },
  })),
]

const claims: Change[] = [
  ...issuers,
  ...claim('sub', [...nonsense, 'mch_1', 'MCH_1', 'user_9']),
  ...claim('sid', nonsense),
  ...claim('azp', [...nonsense, 'https://evil.test', `${ORIGIN}/`, ORIGIN.toUpperCase(), [ORIGIN]]),
  ...claim('azp', ['https://two.example.com']),
  ...claim('aud', [...nonsense, 'wrong', ['api'], ['wrong', 'api'], ['wrong'], [''], ['api', 1]]),
  ...claim('aud', [['wrong', 1], [1], 'reports', 'API']),
  ...claim('exp', [...nonsense, ...times.map((time) => NOW_SECONDS + time)]),
  ...claim('exp', [NOW_SECONDS + 0.5, NOW_SECONDS - 5.5, -1, 1e12, 9e15, 1e300]),
  ...claim('nbf', [...nonsense, ...times.map((time) => NOW_SECONDS + time), 1e300, -1e300]),
  ...claim('iat', [...nonsense, ...times.map((time) => NOW_SECONDS + time), 1e300, -1]),
  ...claim('iat', [String(NOW_SECONDS)]),
  ...claim('sts', [...nonsense, 'pending', 'PENDING', ['pending'], 'active']),
  ...claim('v', [...nonsense, 1, 2, 3, '2']),
  ...claim('act', [{ sub: 'user_admin' }, 'user_admin', null]),
  ...claim('fva', [[3, 4], [-1, -1], ['a'], null, 'x']),
  ...claim('org_id', ['org_plain', null, 5, {}, '']),
  ...claim('org_role', ['org:plain', null, 5, []]),
  ...claim('org_permissions', [['org:a:b'], [], null, 'org:a:b', [1], '', {}]),
  ...claim('fea', [
    ...nonsense,
    'o:a,ou:b,u:c,uo:d',
    'a',
    'o:a,,o:b',
    ' o:a ',
    'q:a',
    'o:',
    'o:a:b',
  ]),
  ...claim('o', [...nonsense, { id: 5 }, { id: 'o', rol: 5 }, { id: 'o', per: 'a' }, { rol: 'x' }]),
  ...claim('o', [
    { id: 'o', per: 5, fpm: '1' },
    { id: 'o', per: 'a,b', fpm: 'x,2' },
    { id: 'o', per: 'a, b', fpm: String(2n ** 90n - 1n) },
    { id: 'o', per: ['a'], fpm: '1' },
    { id: '', rol: '', per: '', fpm: '' },
    { id: null, rol: null, per: null, fpm: null },
  ]),
  ...claim('metadata', [{ role: 'admin' }, { deep: { list: [1, { a: null }] } }]),
]

const headers: Change[] = [
  ...header('alg', [...nonsense, 'none', 'HS256', 'PS256', 'RS384', 'RS512', 'ES256', 'rs256']),
  ...header('alg', [' RS256', ['RS256']]),
  ...header('typ', [...nonsense, 'jwt', 'at+jwt', 'application/at+jwt', ['JWT']]),
  ...header('kid', [...nonsense, 'ins_2', '../../etc/passwd', 'ins_1 ']),
  ...header('cat', [...nonsense, 'cl_I7d4PD111III', 'cl_B7d4PD222AAA', 'cl_B7d4PD333AAA']),
  ...header('crit', [[], ['b64'], null, ['exp']]),
  ...header('b64', [false]),
  ...header('jwk', [{ kty: 'oct', k: 'AA' }]),
  ...header('zip', ['DEF']),
]

/** The way the token is written down, correctly signed as it is. */
const writing: Change[] = (
  [
    ['header', 'blanks around', (json) => ` ${json}\n`],
    ['payload', 'blanks around', (json) => `\t${json} `],
    ['header', 'a byte order mark', (json) => `\ufeff${json}`],
    ['payload', 'a byte order mark', (json) => `\ufeff${json}`],
    ['header', 'a member twice', (json) => json.replace('{', '{"typ":"JWT",')],
    ['payload', 'another subject before', (json) => json.replace('{', '{"sub":"user_8",')],
    ['payload', 'another subject behind', (json) => json.replace(/\}$/, ',"sub":"user_8"}')],
    ['payload', 'a nested member twice', (json) => json.replace(/\}$/, ',"m":{"a":1,"a":2}}')],
    ['payload', 'an escaped member twice', (json) => json.replace('{', '{"su\\u0062":"user_8",')],
    ['payload', 'a prototype', (json) => json.replace('{', '{"__proto__":{"sub":"user_8"},')],
    ['payload', 'a colon in text', (json) => json.replace('{', '{"m":"a\\":\\"b\\\\",')],
    ['payload', 'text that is no UTF-8', (json) => spliceBytes(json, [0xff, 0xfe])],
    ['payload', 'text with a surrogate', (json) => json.replace('{', '{"m":"\\ud800",')],
    ['payload', 'null', () => 'null'],
    ['payload', 'a list', () => '[]'],
    ['payload', 'text', () => '"x"'],
    ['payload', 'a number', () => '1'],
    ['payload', 'nothing', () => ''],
    ['payload', 'a comma too many', (json) => json.replace(/\}$/, ',}')],
    ['header', 'null', () => 'null'],
    ['header', 'a list', () => '[]'],
    ['header', 'nothing', () => ''],
    ['payload', '4000 bytes more', (json) => json.replace('{', `{"m":"${'x'.repeat(4000)}",`)],
    ['payload', '9000 bytes more', (json) => json.replace('{', `{"m":"${'x'.repeat(9000)}",`)],
  ] as const satisfies readonly (readonly [
    'header' | 'payload',
    string,
    (json: string) => string | Uint8Array,
  ])[]
).map(([part, says, spoil]) =>
  changeToken(`${part} text`, says, (token) => {
    token[`${part}Text`] = spoil
  }),
)

function spliceBytes(json: string, bytes: readonly number[]): Uint8Array {
  const [start = '', ...rest] = json.split('"sub"')
  return Buffer.concat([
    Buffer.from(`${start}"m":"`),
    Buffer.from(bytes),
    Buffer.from(`","sub"${rest.join('"sub"')}`),
  ])
}

/** What is done to the token after it was signed. */
const finishing: Change[] = (
  [
    ['one padding character', (token) => `${token}=`],
    ['two padding characters', (token) => `${token}==`],
    ['a padded header', (token) => token.replace('.', '=.')],
    ['a changed signature', (token) => replaceAt(token, token.length - 20, 'A', 'B')],
    ['a changed payload', (token) => replaceAt(token, token.indexOf('.') + 12, 'A', 'B')],
    ['spare bits set', (token) => withSpareBits(token)],
    ['half a signature', (token) => token.slice(0, -170)],
    ['no signature', (token) => token.slice(0, token.lastIndexOf('.') + 1)],
    ['a signature of one character', (token) => `${token.slice(0, token.lastIndexOf('.'))}.A`],
    ['two parts', (token) => token.slice(0, token.lastIndexOf('.'))],
    ['four parts', (token) => `${token}.e30`],
    ['ordinary base64', (token) => token.replaceAll('-', '+').replaceAll('_', '/')],
    ['a null byte, encoded', (token) => `${token}%00`],
    ['a blank, encoded', (token) => `%20${token}`],
    ['quotes', (token) => `"${token}"`],
    ['garbage', () => 'garbage'],
    ['payload of null, unsigned', () => 'bnVsbA.bnVsbA.bnVsbA'],
    ['three empty objects', () => 'e30.e30.e30'],
    ['an API key', () => 'ak_0123456789'],
    ['a machine token', () => 'mt_0123456789'],
  ] as const satisfies readonly (readonly [string, (token: string) => string])[]
).map(([says, finish]) =>
  changeToken('finish', says, (token) => {
    token.finish = finish
  }),
)

function replaceAt(token: string, index: number, one: string, other: string): string {
  return token.slice(0, index) + (token[index] === one ? other : one) + token.slice(index + 1)
}

/** Another spelling of the same signature: the last character has bits nobody reads. */
function withSpareBits(token: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const last = alphabet.indexOf(token.at(-1) ?? '')
  return token.slice(0, -1) + (alphabet[last | 1] ?? '')
}

export const tokenChanges: readonly Change[] = [
  ...claims,
  ...headers,
  ...writing,
  ...finishing,
  changeToken('signer', 'another key', (token) => {
    token.signer = 'other'
  }),
]
