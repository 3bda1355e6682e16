/** `authmux`: one `getAuth` and one `requireAuth`, whichever vendor signs the users in. */

export {
  type Authed,
  type AuthFunctions,
  type AuthHandler,
  createAuth,
  type Guard,
  type MaybeAuthed,
} from './auth.js'
export type { CurrentUser } from './current-user.js'
export {
  AuthError,
  type AuthErrorCode,
  type AuthErrorDetails,
  type ConfigIssue,
  isAuthError,
  type UnmetRequirement,
} from './errors.js'
export type { AuthEvent, AuthTelemetry, RefusalEvent, VerdictFacts } from './events.js'
export type { OptionalPolicy, Policy } from './guard.js'
export type { CompactToken, JsonObject } from './jwt/token.js'
export type { AuthOptions } from './options.js'
export type {
  AuthContext,
  AuthProvider,
  Challenge,
  EndpointContext,
  HealContext,
  HealResult,
  Inspection,
  ProviderEndpoints,
  ProviderNavigation,
  ProviderSession,
  ProviderSessions,
  ProviderUser,
  ProviderUsers,
  SessionEnd,
} from './provider.js'
export type {
  Creation,
  EmailAddress,
  NewPassword,
  NewUser,
  UserAccount,
  UserPage,
} from './provider-users.js'
export * from './register.js'
export type { RequestSource, RequestView } from './request.js'
export type { ResponseTarget } from './response.js'
export type { EndedSession, EndedUser, Revocations } from './revocations/revocations.js'
export type {
  Auth,
  GetTokenOptions,
  Requirement,
  SessionData,
  SignedInAuth,
  SignedOutAuth,
  SignedOutReason,
} from './session.js'
