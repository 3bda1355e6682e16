import { AuthError, type AuthErrorCode } from '../../src/errors.js'
import type { AuthContext, AuthProvider, ProviderSession } from '../../src/provider.js'
import type { ProviderName } from '../../src/register.js'
import type { RequestView } from '../../src/request.js'
import { viewRequest } from '../../src/request.js'
import type { ActiveProvider } from '../../src/resolve-provider.js'
import { START } from './core-clock.js'

const FAKE = 'fake' as ProviderName

/** A session with nothing special about it. */
export function fakeSession(changes: Partial<ProviderSession> = {}): ProviderSession {
  return {
    subject: 'user-1',
    sessionId: 'session-1',
    tenantId: null,
    orgId: null,
    orgRole: null,
    orgPermissions: [],
    roles: [],
    permissions: [],
    actor: null,
    claims: Object.freeze({ sub: 'user-1' }),
    issuedAt: START / 1000 - 10,
    expiresAt: START / 1000 + 60,
    authenticatedAt: null,
    getToken: async () => 'token',
    native: async () => ({}),
    ...changes,
  }
}

/** What verification finds: particulars of the session, or why there is none. */
export type FakeVerdict = (
  view: RequestView,
  context: AuthContext,
) => Partial<ProviderSession> | AuthErrorCode

/** A provider whose cookie `fake` holds the subject, and that does what a test says besides. */
export function fakeProvider({
  session = () => ({}),
  ...others
}: Partial<AuthProvider> & { readonly session?: FakeVerdict } = {}): AuthProvider {
  return {
    contract: 1,
    name: 'fake',
    owns: () => false,
    carries: ({ cookies }) => cookies.get('fake') !== null,
    async authenticate(view, context) {
      const found = session(view, context)
      if (typeof found === 'string') throw new AuthError(found, `The fake says ${found}`)
      return fakeSession({ subject: view.cookies.get('fake') ?? 'user-1', ...found })
    },
    ...others,
  }
}

export function activate(provider: AuthProvider, name: string = provider.name): ActiveProvider {
  return { name: name as ProviderName, provider }
}

/** The options of `createAuth` for one provider. */
export function only(provider: AuthProvider): Record<ProviderName, () => AuthProvider> {
  return { [FAKE]: () => provider } as Record<ProviderName, () => AuthProvider>
}

export function viewOf(
  headers: Readonly<Record<string, string>> = {},
  method?: string,
  url?: string,
): RequestView {
  const source = { headers: new Headers(headers) }
  return viewRequest({ ...source, ...(method && { method }), ...(url && { url }) })
}
