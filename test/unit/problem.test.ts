import { describe, expect, it } from 'vitest'
import { AuthError, type AuthErrorCode, configError, statuses } from '../../src/errors.js'
import { PROBLEM_TYPE_BASE, toProblem } from '../../src/problem.js'

const REALM = 'app.example'
const SECRET = 'what went wrong inside'

const plain = 'Bearer realm="app.example"'
const invalidToken = `${plain}, error="invalid_token", error_description=`
const expectations: readonly (readonly [AuthErrorCode, number, string, string | null])[] = [
  ['unauthenticated', 401, 'Authentication required', plain],
  ['token_expired', 401, 'Session token expired', `${invalidToken}"Session token expired"`],
  ['token_invalid', 401, 'Session token invalid', `${invalidToken}"Session token invalid"`],
  ['session_revoked', 401, 'Session revoked', `${invalidToken}"Session revoked"`],
  ['session_pending', 401, 'Session not complete', `${invalidToken}"Session not complete"`],
  ['csrf_rejected', 403, 'Cross-site request rejected', null],
  [
    'forbidden',
    403,
    'Forbidden',
    `${plain}, error="insufficient_scope", error_description="Forbidden"`,
  ],
  ['provider_unavailable', 503, 'Auth provider unavailable', null],
  ['config_invalid', 500, 'Auth configuration invalid', null],
]

describe('toProblem', () => {
  it('is tested for every code there is', () => {
    expect(expectations.map(([code]) => code).sort()).toEqual(Object.keys(statuses).sort())
  })

  it.each(expectations)('answers %s with %d', (code, status, title, challenge) => {
    const answer = toProblem(new AuthError(code, SECRET), REALM)
    expect(answer.status).toBe(status)
    expect(answer.headers['www-authenticate'] ?? null).toBe(challenge)
    expect(answer.headers).toMatchObject({
      'content-type': 'application/problem+json',
      'cache-control': 'private, no-store',
      vary: 'Cookie, Authorization',
    })
    expect('retry-after' in answer.headers).toBe(code === 'provider_unavailable')
    expect(JSON.parse(answer.body)).toEqual({
      type: PROBLEM_TYPE_BASE + code,
      title,
      status,
      code,
      ...(status < 500 && { detail: SECRET }),
    })
  })

  it.each(['provider_unavailable', 'config_invalid'] as const)(
    'keeps message, cause, issues and details of %s to itself',
    (code) => {
      const error = new AuthError(code, SECRET, {
        cause: new Error(SECRET),
        details: { issues: [{ name: 'CLERK_SECRET_KEY', message: SECRET }], vendor: SECRET },
      })
      const text = JSON.stringify(toProblem(error, REALM))
      expect(text).not.toContain(SECRET)
      expect(text).not.toContain('CLERK_SECRET_KEY')
    },
  )

  it.each(['token_invalid', 'forbidden', 'csrf_rejected'] as const)(
    'keeps cause and details of %s to itself',
    (code) => {
      const error = new AuthError(code, 'fine', {
        cause: new Error(SECRET),
        details: { claim: SECRET, vendor: { SECRET } },
      })
      expect(JSON.stringify(toProblem(error, REALM))).not.toContain(SECRET)
    },
  )

  it.each([
    [undefined, '1'],
    [0, '1'],
    [-5, '1'],
    [0.2, '1'],
    [1.2, '2'],
    [30, '30'],
    [Number.NaN, '1'],
  ])('turns a wait of %s s into Retry-After: %s', (retryAfterSeconds, expected) => {
    const details = retryAfterSeconds === undefined ? {} : { retryAfterSeconds }
    const error = new AuthError('provider_unavailable', 'down', { details })
    expect(toProblem(error, REALM).headers['retry-after']).toBe(expected)
  })

  it('asks for a fresh sign-in the way of RFC 9470', () => {
    const unmet = { field: 'maxAuthAgeSeconds', expected: 600 }
    const error = new AuthError('forbidden', 'old', { details: { unmet } })
    const answer = toProblem(error, REALM)
    expect(answer.headers['www-authenticate']).toBe(
      `${plain}, error="insufficient_user_authentication", max_age="600"`,
    )
    expect(answer.status).toBe(403)
  })

  it.each(['role', 'permission', 'orgId', 'check'])('names no %s in the challenge', (field) => {
    const details = { unmet: { field, expected: 'top"secret' } }
    const answer = toProblem(new AuthError('forbidden', 'no', { details }), REALM)
    expect(answer.headers['www-authenticate']).toContain('insufficient_scope')
    expect(JSON.stringify(answer)).not.toContain('secret')
  })

  it('adds what the vendor’s browser SDK needs, and takes its status for both places', () => {
    const answer = toProblem(new AuthError('token_expired', 'old'), REALM, {
      status: 440,
      members: { message: 'try refresh token' },
    })
    expect(answer.status).toBe(440)
    expect(JSON.parse(answer.body)).toMatchObject({ status: 440, message: 'try refresh token' })
    expect(answer.headers['www-authenticate']).toContain('invalid_token')
  })

  it('writes challenges a parser can read', () => {
    const challenging = expectations.filter(([, , , challenge]) => challenge !== null)
    expect(challenging).toHaveLength(6)
    for (const [code] of challenging) {
      const value = toProblem(new AuthError(code, 'x'), REALM).headers['www-authenticate']
      expect(value).toMatch(/^Bearer \w+="[^"\\]*"(?:, \w+="[^"\\]*")*$/)
    }
  })
})

describe('AuthError', () => {
  it.each(expectations)('%s carries status and digest', (code, status) => {
    const error = new AuthError(code, 'x')
    expect(error).toMatchObject({
      name: 'AuthError',
      status,
      digest: `authmux:${code}`,
      details: {},
    })
    expect('cause' in error).toBe(false)
  })

  it('lists every issue of the configuration by name', () => {
    const error = configError([
      { name: 'A', message: 'is not set' },
      { name: 'B', message: 'is odd' },
    ])
    expect(error.message).toMatch(/- A: is not set\n\s+- B: is odd$/)
  })
})
