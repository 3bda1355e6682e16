/** Two vendors without a vendor: what they say is written in their tokens and cookies. */

import {
  type AmbientAuthFunctions,
  type AuthFunctions,
  bindAuth,
  createAuth,
} from '../../src/auth.js'
import { createEngine, noAmbient } from '../../src/engine.js'
import { AuthError } from '../../src/errors.js'
import type { CompactToken } from '../../src/jwt/token.js'
import { cutOver } from '../../src/migrate/cut-over.js'
import type { CutOverOptions } from '../../src/migrate/cut-over-options.js'
import type { Side } from '../../src/migrate/steps.js'
import { type AuthOptions, resolveSetup, type Setup } from '../../src/options.js'
import type { AuthContext, AuthProvider } from '../../src/provider.js'
import type { ProviderName } from '../../src/register.js'
import type { RequestView } from '../../src/request.js'
import { fakeSession } from './core-provider.js'
import { compact } from './core-token.js'

export const ORIGIN = 'https://app.example'
export const OLD = 'old-vendor' as ProviderName
export const NEW = 'new-vendor' as ProviderName
export const nameOf: Readonly<Record<Side, ProviderName>> = { old: OLD, new: NEW }

/** Subjects of the new vendor, and the app's ids it keeps with them. */
export const appIds: Readonly<Record<string, string>> = { 'new-ada': 'ada', 'new-bob': 'bob' }

/** What a cookie says that has a vendor's name and belongs to another app of the domain. */
export const NOT_MINE = 'not-mine'

/** What a credential says: a subject, or a refusal. */
export function bearerOf(side: Side, says: string): string {
  const claims = JSON.stringify({ iss: side, sub: says })
  return `Bearer ${compact('{"alg":"RS256"}', claims)}`
}

export interface TwoSides {
  readonly auth: AuthFunctions
  /** The same in a framework that handles a request, and adds to these headers of its answer. */
  within(request: Request, answer: Headers): AmbientAuthFunctions
  readonly setup: () => Setup
  /** Sides whose vendor does not answer. */
  readonly down: Set<Side>
  /** Every session that was verified: the side, and the subject. */
  readonly asked: string[]
  /** Sessions ended at a vendor. */
  readonly ended: string[]
}

function sideProvider(
  side: Side,
  { down, asked, ended }: Pick<TwoSides, 'down' | 'asked' | 'ended'>,
  more: Partial<AuthProvider> = {},
): AuthProvider {
  const callVendor = () => {
    if (down.has(side)) throw new AuthError('provider_unavailable', `${side} is down`)
  }
  return {
    contract: 1,
    name: side,
    owns: ({ payload }: CompactToken) => payload.iss === side,
    carries: ({ cookies }: RequestView) => cookies.get(side) !== null,
    async authenticate(view: RequestView, { credential }: AuthContext) {
      const says =
        credential.source === 'bearer'
          ? String(credential.token.payload.sub)
          : (view.cookies.get(side) ?? '')
      asked.push(`${side}:${says}`)
      if (says === NOT_MINE) return null
      callVendor()
      if (says === 'expired') throw new AuthError('token_expired', 'It has expired')
      if (says === 'forged') throw new AuthError('token_invalid', 'It is forged')
      return fakeSession({
        subject: says,
        sessionId: `${side}-session-of-${says}`,
        claims: Object.freeze({ sub: says, side }),
        roles: [`${side}-role`],
      })
    },
    sessions: {
      async revoke({ sessionId }) {
        callVendor()
        ended.push(sessionId)
      },
      async revokeAll(subject) {
        callVendor()
        ended.push(`all of ${side}:${subject}`)
      },
      async clear(_view, { responseHeaders }) {
        responseHeaders.append('set-cookie', `${side}=; Max-Age=0`)
      },
    },
    users: {
      get: async () => null,
      async appId(subject) {
        callVendor()
        return Object.hasOwn(appIds, subject) ? (appIds[subject] ?? null) : null
      },
      subjectOf: async (appId) =>
        Object.keys(appIds).find((subject) => appIds[subject] === appId) ?? null,
    },
    ...more,
  }
}

export function twoSides(
  plan: Partial<CutOverOptions>,
  options: Partial<AuthOptions> = {},
  more: Partial<Record<Side, Partial<AuthProvider>>> = {},
): TwoSides {
  const state = { down: new Set<Side>(), asked: [] as string[], ended: [] as string[] }
  const all: AuthOptions = {
    migration: cutOver({ from: OLD, to: NEW, step: 'dual-old-primary', ...plan }),
    providers: {
      [OLD]: () => sideProvider('old', state, more.old),
      [NEW]: () => sideProvider('new', state, more.new),
    } as AuthOptions['providers'],
    origins: [ORIGIN],
    onError: () => undefined,
    ...options,
  }
  return {
    auth: createAuth(all),
    within: (request, answer) =>
      bindAuth(
        createEngine(all, {
          ...noAmbient,
          // What Next.js tells of a request.
          request: async () => ({ headers: request.headers }),
          async send(added) {
            for (const text of added.getSetCookie()) answer.append('set-cookie', text)
            return true
          },
        }),
      ),
    setup: () => resolveSetup(all),
    ...state,
  }
}

export function requestWith(headers: Readonly<Record<string, string>>, path = '/'): Request {
  return new Request(new URL(path, ORIGIN), { headers })
}
