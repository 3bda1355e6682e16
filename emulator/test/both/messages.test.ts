/** Codes and tokens on their way to somebody, as the inspector lists them. */

import { describe, expect, it } from 'vitest'
import { createClerkInstance } from '../../src/clerk/instance.js'
import { createSuperTokensCore } from '../../src/supertokens/core.js'
import { callerOf } from '../supertokens/support/caller.js'

describe('a core', () => {
  it('lists what it has made for the app to send, until it is used', async () => {
    const core = await createSuperTokensCore()
    const call = callerOf(core)
    const email = 'ada@example.com'
    const { user } = await call('POST', '/recipe/signup', { email, password: 'correct horse' })
    const about = { userId: user.id, email }
    const reset = await call('POST', '/recipe/user/password/reset/token', about)
    const verification = await call('POST', '/recipe/user/email/verify/token', about)
    const sms = await call('POST', '/recipe/signinup/code', { phoneNumber: '+15555550100' })
    const shown = core.admin.messages()
    expect(shown).toHaveLength(3)
    expect(shown).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ to: email, about: 'password reset', token: reset.token }),
        expect.objectContaining({
          to: email,
          about: 'e-mail verification',
          token: verification.token,
        }),
        expect.objectContaining({
          to: '+15555550100',
          about: 'sign-in',
          code: sms.userInputCode,
          token: sms.linkCode,
        }),
      ]),
    )
    await call('POST', '/recipe/user/password/reset/token/consume', { token: reset.token })
    expect(core.admin.messages().map((its) => its.about)).not.toContain('password reset')
  })
})

describe('an instance', () => {
  it('lists the codes it has sent', async () => {
    const instance = await createClerkInstance({ isProduction: true })
    const post = async (path: string, fields: Record<string, string>, cookie = '') =>
      instance.fetch(
        new Request(`https://${new URL(instance.issuer).host}${path}`, {
          method: 'POST',
          headers: { cookie },
          body: new URLSearchParams(fields),
        }),
      )
    const started = await post('/v1/client/sign_ups', {
      email_address: 'ada@example.com',
      password: 'correct horse battery',
    })
    const cookie = started.headers.getSetCookie().find((its) => its.startsWith('__client='))
    const { response } = await started.json()
    const path = `/v1/client/sign_ups/${response.id}/prepare_verification`
    await post(path, { strategy: 'email_code' }, cookie?.split(';')[0])
    const [code] = instance.admin.messages()
    expect(code).toMatchObject({ to: 'ada@example.com', code: expect.stringMatching(/^\d{6}$/) })
  })
})
