import { beforeEach, describe, expect, it } from 'vitest'
import type { Clock } from '../../src/base/clock.js'
import { createSuperTokensCore, type SuperTokensCore } from '../../src/supertokens/core.js'
import { type Body, type Caller, callerOf, send } from './support/caller.js'
import { createFrozenClock } from './support/clock.js'

const LIFE_SECONDS = 900
let clock: Clock
let core: SuperTokensCore
let call: Caller

beforeEach(async () => {
  clock = createFrozenClock()
  core = await createSuperTokensCore({ clock, maxCodeAttempts: 3 })
  call = callerOf(core)
})

function create(input: object = { email: 'Code@Example.com ' }): Promise<Body> {
  return call('POST', '/recipe/signinup/code', input)
}

function consume({ preAuthSessionId, deviceId }: Body, userInputCode: string): Promise<Body> {
  const input = { preAuthSessionId, deviceId, userInputCode }
  return call('POST', '/recipe/signinup/code/consume', input)
}

function follow({ preAuthSessionId, linkCode }: Body): Promise<Body> {
  return call('POST', '/recipe/signinup/code/consume', { preAuthSessionId, linkCode })
}

describe('a code that was typed in', () => {
  it.each([
    ['right', [], 'OK'],
    ['right after wrong ones', ['wrong', 'wrong'], 'OK'],
    ['right after too many wrong ones', ['wrong', 'wrong', 'wrong'], 'RESTART_FLOW_ERROR'],
    ['right, but used before', ['right'], 'RESTART_FLOW_ERROR'],
  ])('is %s', async (_, before, status) => {
    const code = await create({ email: 'a@example.com', userInputCode: 'right' })
    for (const text of before) await consume(code, text)
    expect((await consume(code, 'right')).status).toBe(status)
  })

  it('counts what is wrong, and starts over in the end', async () => {
    const code = await create({ email: 'a@example.com', userInputCode: 'right' })
    const wrong = { status: 'INCORRECT_USER_INPUT_CODE_ERROR', maximumCodeInputAttempts: 3 }
    expect(await consume(code, 'x')).toEqual({ ...wrong, failedCodeInputAttemptCount: 1 })
    expect(await consume(code, 'x')).toEqual({ ...wrong, failedCodeInputAttemptCount: 2 })
    expect(await consume(code, 'x')).toEqual({ status: 'RESTART_FLOW_ERROR' })
  })

  it('expires, which counts as wrong', async () => {
    const code = await create()
    clock.advance(LIFE_SECONDS + 1)
    expect(await consume(code, code.userInputCode)).toEqual({
      status: 'EXPIRED_USER_INPUT_CODE_ERROR',
      failedCodeInputAttemptCount: 1,
      maximumCodeInputAttempts: 3,
    })
  })

  it('has to come from the device it was sent for', async () => {
    const [one, other] = [await create(), await create()]
    const input = { ...one, preAuthSessionId: other.preAuthSessionId }
    const { preAuthSessionId, deviceId, userInputCode } = input
    const answer = await send(core, 'POST', '/recipe/signinup/code/consume', {
      preAuthSessionId,
      deviceId,
      userInputCode,
    })
    const text = "preAuthSessionId and deviceId doesn't match\n"
    expect(answer).toMatchObject({ status: 400, text })
  })

  it('of an unknown device starts over', async () => {
    const code = await create()
    const unknown = { ...code, deviceId: Buffer.alloc(32).toString('base64') }
    expect(await consume(unknown, code.userInputCode)).toEqual({ status: 'RESTART_FLOW_ERROR' })
  })
})

describe('a link', () => {
  it.each([
    ['in time', 0, 'OK'],
    ['late', LIFE_SECONDS + 1, 'RESTART_FLOW_ERROR'],
  ])('followed %s', async (_, seconds, status) => {
    const code = await create()
    clock.advance(seconds)
    expect((await follow(code)).status).toBe(status)
  })

  it('of another device is refused', async () => {
    const [one, other] = [await create(), await create()]
    const { preAuthSessionId } = other
    const input = { preAuthSessionId, linkCode: one.linkCode }
    expect((await send(core, 'POST', '/recipe/signinup/code/consume', input)).status).toBe(400)
  })

  it('does not work twice', async () => {
    const code = await create()
    await follow(code)
    expect((await follow(code)).status).toBe('RESTART_FLOW_ERROR')
  })
})

describe('signing in', () => {
  it('uses up all codes of the address', async () => {
    const [one, other] = [await create(), await create()]
    await follow(one)
    expect(await consume(other, other.userInputCode)).toEqual({ status: 'RESTART_FLOW_ERROR' })
  })

  it('leaves codes of other addresses alone', async () => {
    const other = await create({ email: 'other@example.com' })
    await follow(await create())
    expect((await follow(other)).status).toBe('OK')
  })

  it('makes one user for an address, however it is written', async () => {
    const first = await follow(await create({ email: 'one@example.com' }))
    const again = await follow(await create({ email: ' ONE@example.com' }))
    expect(again).toMatchObject({ createdNewUser: false, recipeUserId: first.recipeUserId })
  })

  it('with a number proves the number', async () => {
    const { user } = await follow(await create({ phoneNumber: '+43 (1) 234-56' }))
    expect(user).toMatchObject({ emails: [], phoneNumbers: ['+43123456'] })
    expect(user.loginMethods).toMatchObject([{ verified: true, phoneNumber: '+43123456' }])
  })
})

describe('another code for a device', () => {
  it('is made, and both work', async () => {
    const one = await create()
    const other = await create({ deviceId: one.deviceId })
    expect(other.preAuthSessionId).toBe(one.preAuthSessionId)
    expect((await follow(one)).status).toBe('OK')
  })

  it('may not be the same', async () => {
    const one = await create({ email: 'a@example.com', userInputCode: '1' })
    const again = await create({ deviceId: one.deviceId, userInputCode: '1' })
    expect(again).toEqual({ status: 'USER_INPUT_CODE_ALREADY_USED_ERROR' })
  })

  it('needs the device', async () => {
    const deviceId = Buffer.alloc(32).toString('base64')
    expect(await create({ deviceId })).toEqual({ status: 'RESTART_FLOW_ERROR' })
  })
})

describe('codes', () => {
  it('are checked without being used', async () => {
    const { preAuthSessionId, linkCode } = await create()
    const input = { preAuthSessionId, linkCode }
    const checked = await call('POST', '/recipe/signinup/code/check', input)
    expect(checked).toMatchObject({ status: 'OK', consumedDevice: { email: 'code@example.com' } })
    expect((await follow(input)).status).toBe('OK')
  })

  it('are listed without what would sign in', async () => {
    const { preAuthSessionId, codeId, timeCreated, codeLifetime } = await create()
    const listed = await call('GET', '/recipe/signinup/codes', { preAuthSessionId })
    expect(listed.devices).toEqual([
      {
        preAuthSessionId,
        failedCodeInputAttemptCount: 0,
        email: 'code@example.com',
        codes: [{ codeId, timeCreated, codeLifetime }],
      },
    ])
  })

  it.each<[says: string, path: string, toInput: (code: Body) => object]>([
    ['by code', 'code', ({ codeId }) => ({ codeId })],
    ['by device', 'code', ({ preAuthSessionId }) => ({ preAuthSessionId })],
    ['by address', 'codes', () => ({ email: 'code@example.com' })],
  ])('are revoked %s', async (_, path, toInput) => {
    const code = await create()
    await call('POST', `/recipe/signinup/${path}/remove`, toInput(code))
    expect((await follow(code)).status).toBe('RESTART_FLOW_ERROR')
    expect(core.store.codeDevices.size).toBe(0)
  })
})

describe('a passwordless user', () => {
  const rid = { rid: 'passwordless' }

  async function update(input: object) {
    const { recipeUserId } = await follow(await create())
    return send(core, 'PUT', '/recipe/user', { recipeUserId, ...input }, rid)
  }

  it.each([
    ['another address', { email: 'new@example.com' }, 200, 'OK'],
    ['a number besides', { phoneNumber: '+431' }, 200, 'OK'],
    ['a number instead', { phoneNumber: '+431', email: null }, 200, 'OK'],
    ['neither', { email: null }, 400, 'You cannot clear both email and phone number of a user'],
  ])('gets %s', async (_, input, status, text) => {
    const answer = await update(input)
    expect(answer.status).toBe(status)
    expect(answer.text).toContain(text)
  })

  it.each([
    ['address', { email: 'taken@example.com' }, 'EMAIL_ALREADY_EXISTS_ERROR'],
    ['number', { phoneNumber: '+439' }, 'PHONE_NUMBER_ALREADY_EXISTS_ERROR'],
  ])('does not get the %s of another', async (_, contact, status) => {
    await follow(await create(contact))
    expect(JSON.parse((await update(contact)).text)).toEqual({ status })
  })

  it('is unknown to the recipe that has the same path', async () => {
    const { recipeUserId } = await follow(await create())
    const input = { recipeUserId, email: 'new@example.com' }
    expect(await call('PUT', '/recipe/user', input)).toEqual({ status: 'UNKNOWN_USER_ID_ERROR' })
  })
})
