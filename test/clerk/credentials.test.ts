import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { SignedOutReason } from '../../src/session.js'
import { NOW, NOW_SECONDS, ORIGIN } from '../support/clerk-app.js'
import { isolateNetwork } from '../support/clerk-backend.js'
import {
  type Carrier,
  draftRequest,
  type RequestDraft,
  renderRequest,
} from '../support/clerk-draft.js'
import { createBenches } from '../support/clerk-oracle.js'

isolateNetwork()

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW })
})
afterEach(() => {
  vi.useRealTimers()
})

const benches = new Map(createBenches().map((bench) => [bench.name, bench]))

/** What comes of a request; `null` is a session. */
type Outcome = SignedOutReason | null

interface Row {
  readonly says: string
  /** Configuration; both kinds of instance by default. */
  readonly on?: string
  readonly carrier: Carrier
  readonly edit?: (draft: RequestDraft) => void
  readonly outcome: Outcome
}

function benchesOf({ on }: Row) {
  const names = on === undefined ? ['development', 'production'] : [on]
  return names.map((name) => {
    const bench = benches.get(name)
    if (!bench) throw new Error(`There is no configuration named ${name}`)
    return bench
  })
}

async function outcomeOf({ carrier, edit }: Row, bench: ReturnType<typeof benchesOf>[number]) {
  const draft = draftRequest(bench.instance, carrier)
  edit?.(draft)
  const request = renderRequest(draft, bench.instance)
  const { reason } = await bench.auth.getAuth(request)
  const answer = await bench.auth.requireAuth(() => new Response('in'))(request)
  expect(answer.status).toBe(reason === null ? 200 : reason === 'csrf_rejected' ? 403 : 401)
  return reason
}

function check(title: string, rows: readonly Row[]): void {
  describe(title, () => {
    for (const row of rows) {
      it(`${row.says} → ${row.outcome ?? 'signed in'}`, async () => {
        for (const bench of benchesOf(row)) expect(await outcomeOf(row, bench)).toBe(row.outcome)
      })
    }
  })
}

const header = (value: string | null) => (draft: RequestDraft) => {
  draft.authorization = value
}
const claims = (changes: Record<string, unknown>) => (draft: RequestDraft) => {
  Object.assign(draft.tokens.token.payload, changes)
}
const cookies = (changes: Record<string, string | null>) => (draft: RequestDraft) => {
  for (const [name, value] of Object.entries(changes)) {
    for (const suffix of ['', '_{suffix}']) {
      if (value === null) draft.cookies.delete(name + suffix)
      else draft.cookies.set(name + suffix, value)
    }
  }
}
const target = (path: string) => (draft: RequestDraft) => {
  draft.target = path
}

check('a bearer token', [
  { says: 'as it should be', carrier: 'bearer', outcome: null },
  {
    says: 'within the clock skew',
    carrier: 'bearer',
    edit: claims({ exp: NOW_SECONDS - 4 }),
    outcome: null,
  },
  {
    says: 'at the end of the clock skew',
    carrier: 'bearer',
    edit: claims({ exp: NOW_SECONDS - 5 }),
    outcome: 'token_expired',
  },
  {
    says: 'from beyond the clock skew',
    carrier: 'bearer',
    edit: claims({ iat: NOW_SECONDS + 6 }),
    outcome: 'token_invalid',
  },
  {
    says: 'of a session with open tasks',
    carrier: 'bearer',
    edit: claims({ sts: 'pending' }),
    outcome: 'session_pending',
  },
  {
    says: 'of a machine',
    carrier: 'bearer',
    edit: claims({ sub: 'mch_1' }),
    outcome: 'token_invalid',
  },
  {
    says: 'made from a template',
    carrier: 'bearer',
    edit: ({ tokens }) => {
      tokens.token.header.cat = 'cl_B7d4PD222AAA'
    },
    outcome: 'token_invalid',
  },
  {
    says: 'of an instance that marks all its tokens alike',
    carrier: 'bearer',
    edit: ({ tokens }) => {
      tokens.token.header.cat = 'cl_I7d4PD111III'
    },
    outcome: null,
  },
  {
    says: 'from before tokens were marked',
    carrier: 'bearer',
    edit: ({ tokens }) => {
      delete tokens.token.header.cat
    },
    outcome: null,
  },
  {
    says: 'for another API, where one is configured',
    on: 'production, audience',
    carrier: 'bearer',
    edit: claims({ aud: 'wrong' }),
    outcome: 'token_invalid',
  },
  {
    says: 'for another party, where some are configured',
    on: 'production, parties',
    carrier: 'bearer',
    edit: claims({ azp: 'https://evil.test' }),
    outcome: 'token_invalid',
  },
  {
    says: 'for nobody in particular, where parties are configured',
    on: 'production, parties',
    carrier: 'bearer',
    edit: claims({ azp: undefined }),
    outcome: 'token_invalid',
  },
  {
    says: 'from the satellite, where that is configured',
    on: 'production, satellite',
    carrier: 'bearer',
    edit: claims({ iss: 'https://clerk.satellite.test' }),
    outcome: null,
  },
  {
    says: 'from a satellite in development, which has no issuer of its own',
    on: 'development, satellite',
    carrier: 'bearer',
    edit: claims({ iss: 'https://clerk.satellite.test' }),
    outcome: 'token_invalid',
  },
])

check('an Authorization header', [
  {
    says: 'of another scheme',
    carrier: 'nothing',
    edit: header('Basic e30='),
    outcome: 'no_credentials',
  },
  {
    says: 'in lower case',
    carrier: 'nothing',
    edit: header('bearer {token}'),
    outcome: 'no_credentials',
  },
  {
    says: 'without a scheme',
    carrier: 'nothing',
    edit: header('{token}'),
    outcome: 'no_credentials',
  },
  {
    says: 'without a token',
    carrier: 'nothing',
    edit: header('Bearer'),
    outcome: 'no_credentials',
  },
  { says: 'with garbage', carrier: 'nothing', edit: header('Bearer x'), outcome: 'token_invalid' },
  {
    says: 'of elsewhere',
    carrier: 'bearer',
    edit: header('Bearer {foreign}'),
    outcome: 'token_invalid',
  },
  {
    says: 'with two tokens',
    carrier: 'bearer',
    edit: header('Bearer {token} {token}'),
    outcome: 'token_invalid',
  },
  // @clerk/backend splits at the first blank and finds nothing, or a token that begins with a tab.
  {
    says: 'with two blanks',
    carrier: 'bearer',
    edit: header('Bearer  {token}'),
    outcome: 'token_invalid',
  },
  {
    says: 'with a tab',
    carrier: 'bearer',
    edit: header('Bearer \t{token}'),
    outcome: 'token_invalid',
  },
  {
    says: 'with a blank no grammar knows',
    carrier: 'bearer',
    edit: header('Bearer \u00a0{token}'),
    outcome: 'token_invalid',
  },
  {
    says: 'of elsewhere beside own cookies',
    carrier: 'cookies',
    edit: header('Bearer {foreign}'),
    outcome: null,
  },
  {
    says: 'of our own, expired, beside good cookies, which it hides',
    carrier: 'bearer and cookies of another',
    edit: claims({ exp: NOW_SECONDS - 60 }),
    outcome: 'token_expired',
  },
  {
    says: 'of our own, forged, beside good cookies, which it hides',
    carrier: 'bearer and cookies of another',
    edit: ({ tokens }) => {
      tokens.token.signer = 'other'
    },
    outcome: 'token_invalid',
  },
])

check('cookies', [
  { says: 'as they should be', carrier: 'cookies', outcome: null },
  { says: 'of the plain set', carrier: 'plain cookies', outcome: null },
  { says: 'of the suffixed set', carrier: 'suffixed cookies', outcome: null },
  { says: 'that are not there', carrier: 'nothing', outcome: 'no_credentials' },
  {
    says: 'without a session',
    carrier: 'cookies',
    edit: cookies({ __session: null }),
    outcome: 'no_credentials',
  },
  {
    says: 'with an empty session',
    carrier: 'cookies',
    edit: cookies({ __session: '' }),
    outcome: 'no_credentials',
  },
  {
    says: 'of a browser that has signed out',
    carrier: 'cookies',
    edit: cookies({ __client_uat: '0' }),
    outcome: 'no_credentials',
  },
  {
    says: 'of a browser that has signed out, beside one of another instance',
    carrier: 'cookies',
    edit: (draft) => {
      cookies({ __client_uat: '0' })(draft)
      draft.cookies.set('__session_another', 'token')
    },
    outcome: 'session_revoked',
  },
  {
    says: 'without the one that vouches for the session',
    carrier: 'cookies',
    edit: cookies({ __client_uat: null }),
    outcome: 'token_expired',
  },
  {
    says: 'older than the last sign-in',
    carrier: 'cookies',
    edit: cookies({ __client_uat: String(NOW_SECONDS) }),
    outcome: 'token_expired',
  },
  {
    says: 'as old as the last sign-in',
    carrier: 'cookies',
    edit: cookies({ __client_uat: String(NOW_SECONDS - 20) }),
    outcome: null,
  },
  {
    says: 'without a development browser',
    on: 'development',
    carrier: 'cookies',
    edit: cookies({ __clerk_db_jwt: null }),
    outcome: 'token_expired',
  },
  {
    says: 'with a development browser of the other set only',
    on: 'development',
    carrier: 'cookies',
    edit: ({ cookies }) => void cookies.delete('__clerk_db_jwt_{suffix}'),
    outcome: 'token_expired',
  },
  {
    says: 'that are garbage',
    carrier: 'cookies',
    edit: cookies({ __session: 'x' }),
    outcome: 'token_invalid',
  },
  {
    says: 'that make @clerk/backend throw',
    carrier: 'cookies',
    edit: cookies({ __session: 'bnVsbA.bnVsbA.bnVsbA' }),
    outcome: 'token_invalid',
  },
  {
    says: 'of another instance',
    carrier: 'cookies',
    edit: cookies({ __session: '{foreign}' }),
    outcome: 'token_invalid',
  },
  {
    says: 'that expired',
    carrier: 'cookies',
    edit: claims({ exp: NOW_SECONDS - 6 }),
    outcome: 'token_expired',
  },
  {
    says: 'on a form from elsewhere',
    carrier: 'cookies',
    edit: (draft) => {
      draft.method = 'POST'
      draft.headers.set('origin', 'https://evil.test')
    },
    outcome: 'csrf_rejected',
  },
  {
    says: 'on a form of our own',
    carrier: 'cookies',
    edit: (draft) => {
      draft.method = 'POST'
      draft.headers.set('origin', ORIGIN)
    },
    outcome: null,
  },
])

check('a development browser that is being synchronised', [
  ...[
    '/?__clerk_db_jwt=dvb_1',
    '/?__clerk_db_jwt',
    '/?a=1&__clerk_db_jwt=dvb_1',
    // The same names to everybody who parses queries, @clerk/backend included.
    '/?%5F%5Fclerk_db_jwt=dvb_1',
    '/?__clerk%5Fdb%5Fjwt=dvb_1',
    '/?__clerk_redirect_url=https%3A%2F%2Fsatellite.test',
    '/?%5F%5Fclerk_redirect_url=https%3A%2F%2Fsatellite.test',
  ].map((path) => ({
    says: path,
    on: 'development',
    carrier: 'cookies' as const,
    edit: target(path),
    outcome: 'token_expired' as const,
  })),
  ...['/?a=__clerk_db_jwt', '/__clerk_db_jwt', '/?__clerk_synced=true', '/?x=1#__clerk_db_jwt'].map(
    (path) => ({
      says: `not ${path}`,
      on: 'development',
      carrier: 'cookies' as const,
      edit: target(path),
      outcome: null,
    }),
  ),
  {
    says: 'no browser of a production instance',
    on: 'production',
    carrier: 'cookies',
    edit: target('/?__clerk_db_jwt=dvb_1'),
    outcome: null,
  },
  {
    says: 'no bearer token',
    on: 'development',
    carrier: 'bearer',
    edit: target('/?__clerk_db_jwt=dvb_1'),
    outcome: null,
  },
])

describe('headers nobody has vouched for', () => {
  it.each([
    { 'x-clerk-auth-status': 'signed-in', 'x-clerk-auth-token': '{token}' },
    { 'x-clerk-auth-status': 'signed-out', 'x-clerk-auth-reason': 'unexpected-error' },
    { 'x-clerk-request-data': 'garbage' },
    { 'x-middleware-subrequest': 'middleware:middleware:middleware:middleware:middleware' },
    { 'x-forwarded-host': 'evil.test', 'x-forwarded-proto': 'http' },
    { host: 'evil.test' },
    { 'x-user-id': 'user_9' },
  ])('change no verdict: %o', async (headers) => {
    for (const bench of benches.values()) {
      for (const carrier of ['nothing', 'bearer', 'cookies'] as const) {
        const draft = draftRequest(bench.instance, carrier)
        const plain = await bench.auth.getAuth(renderRequest(draft, bench.instance))
        for (const [name, value] of Object.entries(headers)) draft.headers.set(name, value)
        const spoofed = await bench.auth.getAuth(renderRequest(draft, bench.instance))
        expect(JSON.stringify(spoofed)).toBe(JSON.stringify(plain))
      }
    }
  })
})
