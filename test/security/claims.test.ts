/**
 * Tokens signed by the right key in which one thing is wrong; the vendors' own SDKs accept many of
 * these (docs/security.md has the list). Each is refused, by bearer token and by cookie.
 */

import { describe, expect, it } from 'vitest'
import { carriers, createSecurityApp, NOW_SECONDS, ORIGIN } from '../support/security-apps.js'
import { record } from '../support/security-figures.js'
import type { VendorName } from '../support/vendor-kits.js'
import { vendors } from '../support/vendor-kits.js'

type Json = Record<string, unknown>

/** What is wrong, and the token in which it is. */
interface Row {
  readonly says: string
  readonly header?: Json
  readonly claims?: Json
  /** Spoils the JSON text of the claims before it is signed. */
  readonly text?: (json: string) => string | Uint8Array
  /** Spoils the finished token. */
  readonly spoil?: (token: string) => string
}

function values(
  name: string,
  list: readonly unknown[],
  place: 'header' | 'claims' = 'claims',
): Row[] {
  return list.map((value) => ({
    says: `${place === 'header' ? 'header ' : ''}${name}: ${value === undefined ? 'none' : JSON.stringify(value)}`,
    [place]: { [name]: value },
  }))
}

const NOT_TEXT: readonly unknown[] = [
  undefined,
  null,
  0,
  1.5,
  true,
  [],
  {},
  ['x'],
  { toString: 'x' },
]
const NOT_TIME = [
  null,
  '',
  'soon',
  String(NOW_SECONDS + 30),
  [],
  [NOW_SECONDS],
  {},
  true,
  9e15,
  0.5,
]

/** A number as JSON spells it and no number of JavaScript turns into. */
const literal = (name: string, text: string): Row => ({
  says: `${name}: ${text}`,
  claims: { [name]: '#' },
  text: (json) => json.replace(`"${name}":"#"`, `"${name}":${text}`),
})

const rows: readonly Row[] = [
  ...values('iss', [...NOT_TEXT, '', 'https://evil.example']),
  ...values('sub', [...NOT_TEXT, '', ' ', '\t\r\n', '\u00a0', '\ufeff']),
  ...values('exp', [...NOT_TIME, undefined, 0, -1, NOW_SECONDS - 5, NOW_SECONDS + 30.5]),
  ...values('iat', [...NOT_TIME, undefined, NOW_SECONDS + 61, NOW_SECONDS - 10.5]),
  ...values('nbf', [...NOT_TIME, NOW_SECONDS + 6, NOW_SECONDS - 20.5]),
  ...['exp', 'iat', 'nbf'].flatMap((name) =>
    ['1e999', '-1e999', '1e400', '8640000000001', '-8640000000001'].map((text) =>
      literal(name, text),
    ),
  ),
  ...values(
    'alg',
    ['none', 'HS256', 'RS384', 'RS512', 'PS256', 'rs256', 'RS256 ', ['RS256'], null],
    'header',
  ),
  ...values('crit', [[], ['b64'], ['exp'], null, '', {}], 'header'),
  ...values('typ', ['', null, 'jwt', 'at+jwt', 'JWE', 0, ['JWT']], 'header'),
  ...values('kid', ['', ' ', 'x', '../x', null, 0, [], {}], 'header'),
  { says: 'payload not encoded', header: { b64: false, crit: ['b64'] } },
  { says: 'padding: ==', spoil: (token) => `${token}==` },
  { says: 'padding: =', spoil: (token) => `${token}=` },
  {
    says: 'the other base64 alphabet',
    spoil: (token) => `${token.replaceAll('-', '+').replaceAll('_', '/')}=`,
  },
  { says: 'a fourth segment', spoil: (token) => `${token}.AA` },
  { says: 'sub twice, the right one last', text: (json) => json.replace('{', '{"sub":"admin",') },
  {
    says: 'sub twice, the right one first',
    text: (json) => json.replace(/\}$/, ',"sub":"admin"}'),
  },
  { says: 'sub twice, once escaped', text: (json) => json.replace('{', '{"\\u0073ub":"admin",') },
  { says: 'a nested member twice', text: (json) => json.replace('{', '{"m":[{"a":1,"a":2}],') },
  { says: 'a byte order mark', text: (json) => `\ufeff${json}` },
  {
    says: 'bytes that are no UTF-8',
    text: (json) => Buffer.from(json.replace('{', '{"m":"\u00ff",'), 'latin1'),
  },
  { says: 'a list of claims', text: (json) => `[${json}]` },
  { says: 'null for claims', text: () => 'null' },
  { says: '9000 characters', claims: { ballast: 'x'.repeat(9000) } },
]

/** A pinned key is for every `kid`, as the vendor's own SDK has it; then only its type matters. */
const isAboutNamedKey = ({ header }: Row) => typeof header?.kid === 'string'

const ofVendor: Readonly<Record<VendorName, readonly Row[]>> = {
  clerk: [
    ...rows.filter((row) => !isAboutNamedKey(row) && row.header?.kid !== null),
    ...values('azp', [...NOT_TEXT, '', 'https://evil.example', `${ORIGIN}/`, ORIGIN.toUpperCase()]),
    ...values('azp', [[ORIGIN], `${ORIGIN}.evil.example`, 'null', 'https://app.example.com:444']),
    ...values('aud', [...NOT_TEXT, '', 'other', ['other'], [['api']], ['api', 1]]),
    ...values('sid', [...NOT_TEXT, '']),
    ...values('sts', ['pending']),
    ...values('cat', ['cl_B7d4PD222AAA', 'cl_B7d4PD333AAA', '', null, 0], 'header'),
    ...values('sub', ['mch_1']),
    ...values('o', [7, 'x', true, { id: 7 }, { id: 'o', rol: [] }, { id: 'o', per: 7 }]),
  ],
  supertokens: [
    ...rows,
    ...values('tId', [...NOT_TEXT, '', 'other', 'Public', ' public', 'public ']),
    ...values('sessionHandle', [...NOT_TEXT, ' handle']),
    ...values('refreshTokenHash1', NOT_TEXT),
    ...values('rsub', NOT_TEXT),
    ...values('stt', [1, 2, 3, null, '0', false, []]),
    ...values('sub', [' user-1', 'user-1 ']),
    ...values('version', ['0', '1', '2', '-1', '5.5', ' 5', 'x', '', 5, null, []], 'header'),
  ],
}

/** A row of `undefined` is one without the member. */
const without = (object: Json) =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined))

describe.each(vendors)('a %s token signed by the right key', (vendor) => {
  const app = createSecurityApp(vendor, { audience: ['api'] })

  function mint({ header, claims, text = (json) => json, spoil = (token) => token }: Row): string {
    const payload = JSON.stringify(without(app.claims('user-1', claims)))
    const head = JSON.stringify(without({ ...app.header, ...header }))
    return spoil(app.signer.signBytes(head, text(payload)))
  }

  it.each(carriers)('is accepted by %s when nothing is wrong', async (carrier) => {
    const { entered } = await app.visit(app.carry(mint({ says: '' }), carrier))
    expect(entered).toBe('user-1')
  })

  it.for(carriers)('is refused by %s in every row of the matrix', async (carrier, context) => {
    const accepted: string[] = []
    for (const row of ofVendor[vendor]) {
      for (const router of ['fetch', 'node'] as const) {
        const { status, entered } = await app.visit(app.carry(mint(row), carrier), router)
        if (status !== 401 || entered !== null) accepted.push(`${row.says}: ${status}`)
      }
    }
    expect(accepted).toEqual([])
    const names = new Set(ofVendor[vendor].map(({ says }) => says))
    expect(names.size).toBeGreaterThan(120)
    record(
      context,
      'claims',
      `${vendor} by ${carrier}: ${names.size} rows in both routers, each refused`,
    )
  })
})
