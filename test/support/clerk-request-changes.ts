/** What can be wrong, odd or merely different about a request, its token aside. */

import { NOW, NOW_SECONDS, ORIGIN } from './clerk-app.js'
import type { RequestDraft } from './clerk-draft.js'
import type { Change } from './clerk-token-changes.js'

function change(place: string, says: string, apply: (draft: RequestDraft) => void): Change {
  return { place, says: `${place}: ${says}`, apply }
}

const authorization: Change[] = [
  'Bearer {token}',
  'Bearer {second}',
  'Bearer {foreign}',
  'bearer {token}',
  'BEARER {token}',
  'Bearer  {token}',
  'Bearer \t{token}',
  'Bearer \u00a0{token}',
  'Bearer {token}\u00a0',
  'Bearer {token} and more',
  'Bearer {token}, Bearer {second}',
  'Bearer\t{token}',
  'Bearer{token}',
  'Bearer',
  'Bearer null',
  'Bearer undefined',
  'Bearer garbage',
  'Bearer bnVsbA.bnVsbA.bnVsbA',
  'Bearer ak_0123456789',
  '{token}',
  '{second}',
  'garbage',
  'Basic dXNlcjpwYXNzd29yZA==',
  'Token {token}',
  '"Bearer {token}"',
].map((value) =>
  change('authorization', JSON.stringify(value), (draft) => {
    draft.authorization = value
  }),
)

/** What a cookie can hold; `null` takes it away. */
const sessions = ['{token}', '{second}', '{foreign}', '', 'garbage', null, 'bnVsbA.bnVsbA.bnVsbA']
const updates = [
  null,
  '',
  '0',
  '00',
  '1',
  '-5',
  'soon',
  '0x10',
  '1.5',
  '1e9',
  ' 1',
  '%31',
  String(NOW_SECONDS - 20),
  String(NOW_SECONDS - 19),
  String(NOW_SECONDS - 21),
  String(NOW_SECONDS + 60),
  '9'.repeat(400),
]
const browsers = [null, '', 'dvb_2', '0']

function cookie(name: string, values: readonly (string | null)[]): Change[] {
  return values.map((value) =>
    change(name, value === null ? 'none' : JSON.stringify(value), ({ cookies }) => {
      if (value === null) cookies.delete(name)
      else cookies.set(name, value)
    }),
  )
}

const handshakes: Change[] = (
  [
    ['a good answer in a cookie', { __clerk_handshake: '{handshake}' }, ''],
    ['a session token for an answer', { __clerk_handshake: '{token}' }, ''],
    ['a forged answer in a cookie', { __clerk_handshake: '{foreign}' }, ''],
    ['garbage for an answer', { __clerk_handshake: 'garbage' }, ''],
    ['a good answer in the address', {}, '__clerk_handshake={handshake}'],
    ['a forged answer in the address', {}, '__clerk_handshake={foreign}'],
    ['a nonce in a cookie', { __clerk_handshake_nonce: 'nonce_1' }, ''],
    ['a nonce in the address', {}, '__clerk_handshake_nonce=nonce_1'],
  ] as const
).map(([says, cookies, query]) =>
  change('handshake', says, (draft) => {
    for (const [name, value] of Object.entries(cookies)) draft.cookies.set(name, value)
    if (query) draft.target += `?${query}`
  }),
)

const queries: Change[] = [
  '?__clerk_db_jwt=dvb_1',
  '?__clerk_db_jwt=',
  '?__clerk_db_jwt',
  '?%5F%5Fclerk_db_jwt=dvb_1',
  '?__clerk%5Fdb_jwt=dvb_1',
  '?a=1&__clerk_db_jwt=dvb_1',
  '?a=?__clerk_db_jwt=dvb_1',
  '?a=__clerk_db_jwt',
  '?a=1#__clerk_db_jwt=dvb_1',
  '/__clerk_db_jwt=1',
  '?__clerk_redirect_url=https%3A%2F%2Fsatellite.test%2F',
  '?%5F_clerk_redirect_url=https%3A%2F%2Fsatellite.test%2F',
  '?__clerk_redirect_url=',
  '?__clerk_redirect_url=nowhere',
  '?__clerk_synced=false',
  '?__clerk_synced=true',
  '?__dev_session=dvb_1',
  '?__session={second}',
  '?token={second}',
  '?__CLERK_DB_JWT=dvb_1',
].map((query) =>
  change('query', query, (draft) => {
    draft.target += query
  }),
)

function withHeaders(place: string, rows: readonly Readonly<Record<string, string>>[]): Change[] {
  return rows.map((headers) =>
    change(place, JSON.stringify(headers), (draft) => {
      for (const [name, value] of Object.entries(headers)) draft.headers.set(name, value)
    }),
  )
}

const documents: Change[] = withHeaders('document', [
  { 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate' },
  { 'sec-fetch-dest': 'iframe' },
  { 'sec-fetch-dest': 'empty', accept: 'text/html' },
  { accept: 'text/html,application/xhtml+xml' },
  { accept: 'application/json, text/html' },
  { 'sec-fetch-dest': 'document', referer: 'https://search.test/' },
  { 'sec-fetch-dest': 'document', referer: `${ORIGIN}/before` },
  { 'sec-fetch-dest': 'document', referer: 'https://clerk.example.com/' },
  { 'sec-fetch-dest': 'document', referer: 'nowhere' },
  { 'sec-fetch-dest': 'iframe', referer: 'https://search.test/' },
  { accept: 'text/html', referer: 'https://search.test/' },
])

const senders: Change[] = withHeaders('sender', [
  {},
  { origin: ORIGIN },
  { origin: 'https://evil.test' },
  { origin: 'null' },
  { 'sec-fetch-site': 'same-origin' },
  { 'sec-fetch-site': 'same-site' },
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'none' },
  { origin: ORIGIN, 'sec-fetch-site': 'cross-site' },
  { origin: 'https://evil.test', 'sec-fetch-site': 'same-origin' },
])

/** The same senders, with a request that changes something. */
const writers: Change[] = senders.map(({ place, says, apply }) => ({
  place,
  says: `POST ${says}`,
  apply(draft, instance) {
    apply(draft, instance)
    draft.method = 'POST'
  },
}))

const addresses: Change[] = withHeaders('address', [
  { 'x-forwarded-host': 'evil.test' },
  { 'x-forwarded-host': 'evil.test', 'x-forwarded-proto': 'http' },
  { 'x-forwarded-proto': 'javascript' },
  { host: 'evil.test' },
  { 'x-forwarded-host': '\u00e4 / %' },
  { 'x-clerk-auth-status': 'signed-in', 'x-clerk-auth-token': '{second}' },
  { 'x-clerk-auth-status': 'signed-out', 'x-clerk-request-data': 'garbage' },
  { 'x-middleware-subrequest': 'middleware:middleware:middleware:middleware:middleware' },
])

const methods: Change[] = ['POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH'].map((method) =>
  change('method', method, (draft) => {
    draft.method = method
  }),
)

/** How the cookies are written down. */
const cookieTexts: Change[] = (
  [
    ['backwards', (text) => text.split('; ').reverse().join('; ')],
    ['without blanks', (text) => text.replaceAll('; ', ';')],
    ['with tabs', (text) => text.replaceAll('; ', ';\t').replaceAll('=', ' =\t')],
    ['twice', (text) => `${text}; ${text}`],
    ['garbage first', (text) => `__session=garbage; ${text}`],
    ['garbage last', (text) => `${text}; __session=garbage; __client_uat=0`],
    ['among broken neighbours', (text) => `=; a; ;; b=%E0%A4%A; ${text}; "`],
    ['percent-encoded', (text) => text.replaceAll('.', '%2E')],
    ['with encoded names', (text) => text.replaceAll('__session', '%5F_session')],
    ['with a delimiter encoded', (text) => `a=1%3B __session=x; ${text}`],
    ['in capitals', (text) => text.replaceAll('__session', '__SESSION')],
    ['with quotes', (text) => text.replaceAll(/__session=([^;]*)/g, '__session="$1"')],
    ['with attributes', (text) => text.replaceAll('; ', '; $Path=/; ')],
    ['with commas', (text) => text.replaceAll('; ', ', ')],
    ['with a prototype', (text) => `__proto__=1; toString=2; ${text}`],
  ] as const satisfies readonly (readonly [string, (text: string) => string])[]
).map(([says, spoil]) =>
  change('cookie text', says, (draft) => {
    draft.cookieText = spoil
  }),
)

const clocks: Change[] = [250, 999, 1000, 45_000, 45_001, 44_999, -25_001, -25_000, -24_999].map(
  (milliseconds) =>
    change('clock', `${milliseconds} ms`, (draft) => {
      draft.now = NOW + milliseconds
    }),
)

export const requestChanges: readonly Change[] = [
  ...authorization,
  ...['', '_{suffix}'].flatMap((suffix) => [
    ...cookie(`__session${suffix}`, sessions),
    ...cookie(`__client_uat${suffix}`, updates),
    ...cookie(`__clerk_db_jwt${suffix}`, browsers),
  ]),
  ...cookie('__session_elsewhere', ['{second}', '{foreign}', 'garbage']),
  ...cookie('__clerk_redirect_count', ['0', '2', '3', '4', 'x']),
  ...handshakes,
  ...queries,
  ...documents,
  ...senders,
  ...writers,
  ...addresses,
  ...methods,
  ...cookieTexts,
  ...clocks,
]
