import { describe, expect, it } from 'vitest'
import { superTokensChallenge } from '../../providers/supertokens/challenge.js'
import type { SessionRules } from '../../providers/supertokens/rules.js'
import { AuthError, type AuthErrorCode, type AuthErrorDetails } from '../../src/errors.js'

const rules: SessionRules = {
  usesDynamicKeys: true,
  sessionExpiredStatusCode: 401,
  invalidClaimStatusCode: 403,
  transferMethod: () => 'any',
  antiCsrf: () => 'NONE',
}
const error = (code: AuthErrorCode, details: AuthErrorDetails = {}) =>
  new AuthError(code, 'message', { details })

describe('what the browser SDK reads in a refusal', () => {
  it.each([
    ['unauthenticated', 'unauthorised'],
    ['token_expired', 'try refresh token'],
    ['token_invalid', 'unauthorised'],
    ['session_revoked', 'unauthorised'],
    ['session_pending', 'unauthorised'],
  ] as const)('%s: %s', (code, message) => {
    expect(superTokensChallenge(error(code), rules)).toEqual({ status: 401, members: { message } })
  })

  it.each(['csrf_rejected', 'provider_unavailable', 'config_invalid'] as const)(
    '%s: nothing, so that it neither refreshes nor signs out',
    (code) => {
      expect(superTokensChallenge(error(code), rules)).toEqual({})
    },
  )

  it('has the status codes of Session.init', () => {
    const custom = { ...rules, sessionExpiredStatusCode: 440, invalidClaimStatusCode: 499 }
    expect(superTokensChallenge(error('token_expired'), custom).status).toBe(440)
    expect(superTokensChallenge(error('unauthenticated'), custom).status).toBe(440)
    expect(superTokensChallenge(error('forbidden'), custom).status).toBe(499)
    expect(superTokensChallenge(error('csrf_rejected'), custom).status).toBeUndefined()
  })
})

describe('the failed claims of a refusal', () => {
  it.each([
    [
      { unmet: { field: 'role', expected: 'admin' } },
      [{ id: 'st-role', reason: { message: 'wrong value', expectedToInclude: 'admin' } }],
    ],
    [
      { unmet: { field: 'permission', expected: 'read' } },
      [{ id: 'st-perm', reason: { message: 'wrong value', expectedToInclude: 'read' } }],
    ],
    [
      { unmet: { field: 'maxAuthAgeSeconds', expected: 600 } },
      [{ id: 'maxAuthAgeSeconds', reason: { message: 'requirement not met' } }],
    ],
    [
      { unmet: { field: 'check', expected: null } },
      [{ id: 'check', reason: { message: 'requirement not met' } }],
    ],
    [{}, []],
    [
      { vendor: { claimValidationErrors: [{ id: 'st-ev', reason: { message: 'wrong value' } }] } },
      [{ id: 'st-ev', reason: { message: 'wrong value' } }],
    ],
  ])('%j', (details, claimValidationErrors) => {
    expect(superTokensChallenge(error('forbidden', details), rules)).toEqual({
      status: 403,
      members: { message: 'invalid claim', claimValidationErrors },
    })
  })
})
