/**
 * One error class and one closed set of codes, each with its HTTP status.
 *
 * Codes are API and never change; messages are for people and may. No message, detail or cause text
 * written by authmux contains a token, cookie, e-mail address or secret.
 */

/** HTTP status of each code; problem.ts has the words. */
export const statuses: Readonly<Record<AuthErrorCode, 401 | 403 | 500 | 503>> = {
  unauthenticated: 401,
  token_expired: 401,
  token_invalid: 401,
  session_revoked: 401,
  session_pending: 401,
  csrf_rejected: 403,
  forbidden: 403,
  provider_unavailable: 503,
  config_invalid: 500,
}

/** Stable machine-readable code of an {@link AuthError}. */
export type AuthErrorCode =
  | 'unauthenticated'
  | 'token_expired'
  | 'token_invalid'
  | 'session_revoked'
  | 'session_pending'
  | 'csrf_rejected'
  | 'forbidden'
  | 'provider_unavailable'
  | 'config_invalid'

/** One thing wrong with the configuration. */
export interface ConfigIssue {
  /** Environment variable or option at fault, as the app author wrote it. */
  readonly name: string
  /** What is wrong and what to do about it; never the value itself. */
  readonly message: string
}

/** Requirement of a policy that a signed-in session did not meet. */
export interface UnmetRequirement {
  /** Policy field: `role`, `permission`, `orgRole`, … */
  readonly field: string
  /** What the policy asked for; `null` where that is a function. */
  readonly expected: string | number | null
}

/** Machine-readable particulars of an {@link AuthError}. */
export interface AuthErrorDetails {
  /** Token claim that failed verification: `iss`, `exp`, `sub`, … */
  readonly claim?: string
  /** When the token ran out, for `token_expired` where that is known. */
  readonly expiredAt?: Date
  /** Everything wrong with the configuration, for `config_invalid`. */
  readonly issues?: readonly ConfigIssue[]
  /** The policy field that was not met, for `forbidden`. */
  readonly unmet?: UnmetRequirement
  /** Seconds after which trying again makes sense, for `provider_unavailable`. */
  readonly retryAfterSeconds?: number
  /** What the provider that threw wants to remember for its own challenge. */
  readonly vendor?: unknown
}

/** What to attach to an {@link AuthError} besides code and message. */
export interface AuthErrorOptions {
  readonly cause?: unknown
  readonly details?: AuthErrorDetails
}

/** The only error authmux throws on purpose. */
export class AuthError extends Error {
  /** Brand that survives duplicate copies of the package; read it through {@link isAuthError}. */
  readonly isAuthError = true as const
  /** What happened, from the closed set {@link AuthErrorCode}. */
  readonly code: AuthErrorCode
  /** HTTP status the code stands for. */
  readonly status: number
  /** `authmux:<code>`; what a Next.js error boundary sees in production, where messages are hidden. */
  readonly digest: string
  /** Machine-readable particulars; empty when there are none. */
  readonly details: AuthErrorDetails

  constructor(code: AuthErrorCode, message: string, options: AuthErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'AuthError'
    this.code = code
    this.status = statuses[code]
    this.digest = `authmux:${code}`
    this.details = options.details ?? {}
  }
}

/** Whether a caught value is an {@link AuthError}, from this copy of the package or another. */
export function isAuthError(value: unknown): value is AuthError {
  return value instanceof Error && 'isAuthError' in value && value.isAuthError === true
}

/** For a function that needs what a provider does not offer. */
export function missingCapability(provider: string, capability: string): AuthError {
  const message = `offers no ${capability}, which this function needs`
  return configError([{ name: `providers.${provider}`, message }])
}

/** Reports every configuration problem at once. */
export function configError(issues: readonly ConfigIssue[], cause?: unknown): AuthError {
  const lines = issues.map(({ name, message }) => `  - ${name}: ${message}`)
  return new AuthError('config_invalid', `authmux is not configured:\n${lines.join('\n')}`, {
    cause,
    details: { issues },
  })
}
