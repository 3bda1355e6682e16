/**
 * One error class, one closed set of codes and one table that says what each code means over HTTP.
 *
 * Codes are API and never change; messages are for people and may. No message, detail or cause text
 * written by authmux contains a token, cookie, e-mail address or secret.
 */

/** What a code means to an HTTP client. */
export interface Outcome {
  /** HTTP status code. */
  readonly status: 401 | 403 | 500 | 503
  /** Short human-readable summary, the `title` of RFC 9457. */
  readonly title: string
  /** The `error` of the RFC 6750 §3 challenge; `null` sends a challenge without one. */
  readonly challenge: 'invalid_token' | 'insufficient_scope' | null
}

/** Every way a request can be refused or fail, with its HTTP meaning. */
export const outcomes: Readonly<Record<AuthErrorCode, Outcome>> = {
  unauthenticated: { status: 401, title: 'Authentication required', challenge: null },
  token_expired: { status: 401, title: 'Session token expired', challenge: 'invalid_token' },
  token_invalid: { status: 401, title: 'Session token invalid', challenge: 'invalid_token' },
  session_revoked: { status: 401, title: 'Session revoked', challenge: 'invalid_token' },
  session_pending: { status: 401, title: 'Session not complete', challenge: 'invalid_token' },
  csrf_rejected: { status: 403, title: 'Cross-site request rejected', challenge: null },
  forbidden: { status: 403, title: 'Forbidden', challenge: 'insufficient_scope' },
  provider_unavailable: { status: 503, title: 'Auth provider unavailable', challenge: null },
  config_invalid: { status: 500, title: 'Auth configuration invalid', challenge: null },
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
    this.status = outcomes[code].status
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
