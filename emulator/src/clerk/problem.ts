/** Errors in the shape of Clerk's APIs. */

import { answerJson } from './answer.js'
import { createSecret } from './identifiers.js'

/** Codes of errors and the status each comes with. */
const STATUSES = {
  already_a_member_in_organization: 400,
  authentication_invalid: 401,
  authorization_header_format_invalid: 401,
  clerk_key_invalid: 401,
  dev_browser_unauthenticated: 401,
  duplicate_record: 400,
  endpoint_not_emulated: 404,
  form_code_incorrect: 422,
  form_data_missing: 422,
  form_identifier_exists: 422,
  form_identifier_not_found: 422,
  form_param_format_invalid: 422,
  form_param_missing: 422,
  form_param_unknown: 422,
  form_param_value_invalid: 422,
  form_password_digest_invalid: 422,
  form_password_incorrect: 422,
  form_password_length_too_short: 422,
  form_password_size_in_bytes_exceeded: 422,
  incorrect_password: 422,
  internal_clerk_error: 500,
  invitation_expired_code: 400,
  invitation_not_pending: 400,
  jwt_template_reserved_claim: 422,
  no_password_set: 400,
  not_allowed_access: 403,
  not_emulated: 501,
  missing_permission: 403,
  organization_membership_quota_exceeded: 403,
  organization_minimum_permissions_needed: 400,
  organization_not_found_or_unauthorized: 403,
  request_body_invalid: 400,
  request_invalid_for_environment: 400,
  resource_not_found: 404,
  session_exists: 400,
  sign_in_token_already_used_code: 400,
  sign_in_token_revoked_code: 400,
  strategy_for_user_invalid: 400,
  ticket_expired_code: 400,
  ticket_invalid_code: 400,
  token_invalid: 401,
  too_many_requests: 429,
  user_banned: 403,
  user_locked: 403,
  verification_expired: 400,
  verification_failed: 400,
  verification_missing: 400,
} as const

/** What went wrong, for programs. */
export type ProblemCode = keyof typeof STATUSES

/** One error of an answer. */
export interface ProblemEntry {
  readonly code: ProblemCode
  readonly message: string
  /** Default: the message. */
  readonly longMessage?: string
  /** The parameter that is to blame. */
  readonly parameter?: string
  readonly meta?: Readonly<Record<string, unknown>>
}

/** What an endpoint throws when it cannot do as it is asked. */
export class ClerkProblem extends Error {
  readonly entries: readonly [ProblemEntry, ...ProblemEntry[]]

  constructor(...entries: readonly [ProblemEntry, ...ProblemEntry[]]) {
    super(entries[0].message)
    this.name = 'ClerkProblem'
    this.entries = entries
  }

  /** What the stand-in lacks, where that is what went wrong. */
  get missing(): string | null {
    const [{ code, message }] = this.entries
    return code === 'not_emulated' || code === 'endpoint_not_emulated' ? message : null
  }

  /** @param headers More for the answer to carry. */
  toResponse(headers: Headers): Response {
    const [first] = this.entries
    const errors = this.entries.map(({ code, message, longMessage, parameter, meta }) => ({
      code,
      message,
      long_message: longMessage ?? message,
      meta: { ...(parameter !== undefined && { param_name: parameter }), ...meta },
    }))
    const body = { errors, clerk_trace_id: createSecret() }
    return answerJson(body, { status: STATUSES[first.code], headers })
  }
}

/** `what` as in "No user was found". */
export function notFound(what: string, id: string): ClerkProblem {
  return new ClerkProblem({
    code: 'resource_not_found',
    message: 'not found',
    longMessage: `No ${what} was found with id ${id}`,
  })
}

/** An identifier that must be unique, and is not. */
export function isTaken(parameter: string): ClerkProblem {
  const name = parameter.replaceAll('_', ' ')
  return new ClerkProblem({
    code: 'form_identifier_exists',
    message: `That ${name} is taken. Please try another.`,
    parameter,
  })
}

/** An emulated fault, as Clerk would word it. */
export function toClerkFault({ status, headers }: Response): Response {
  const code = status === 429 ? 'too_many_requests' : 'internal_clerk_error'
  const message = status === 429 ? 'Too many requests, retry later' : 'Emulated fault'
  const body = { errors: [{ code, message, long_message: message, meta: {} }] }
  return answerJson(body, { status, headers })
}
