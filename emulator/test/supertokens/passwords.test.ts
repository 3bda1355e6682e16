import bcrypt from 'bcryptjs'
import { argon2id } from 'hash-wasm'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Clock } from '../../src/base/clock.js'
import { createSuperTokensCore, type SuperTokensCore } from '../../src/supertokens/core.js'
import { type Body, type Caller, callerOf, send } from './support/caller.js'
import { createFrozenClock } from './support/clock.js'

const PASSWORD = 'correct horse 9'
let clock: Clock
let core: SuperTokensCore
let call: Caller

beforeEach(async () => {
  clock = createFrozenClock()
  core = await createSuperTokensCore({ clock })
  call = callerOf(core)
})

function importHash(passwordHash: string, hashingAlgorithm?: string) {
  const input = { email: 'Old@Example.com', passwordHash, hashingAlgorithm }
  return send(core, 'POST', '/recipe/user/passwordhash/import', input)
}

async function signIn(email: string, password: string): Promise<string> {
  const { status } = await call('POST', '/recipe/signin', { email, password })
  return status
}

const bcryptHash = bcrypt.hashSync(PASSWORD, 4)
const argon2Hash = await argon2id({
  password: PASSWORD,
  salt: new Uint8Array(16),
  parallelism: 1,
  iterations: 1,
  memorySize: 8,
  hashLength: 16,
  outputType: 'encoded',
})

describe('an imported hash', () => {
  it.each([
    ['bcrypt $2a', bcryptHash.replace(/^\$2./, '$2a')],
    ['bcrypt $2b', bcryptHash.replace(/^\$2./, '$2b')],
    ['bcrypt $2x', bcryptHash.replace(/^\$2./, '$2x')],
    ['bcrypt $2y', bcryptHash.replace(/^\$2./, '$2y')],
    ['argon2id', argon2Hash],
  ])('of %s lets its password in, and no other', async (_, hash) => {
    expect((await importHash(hash)).status).toBe(200)
    expect(await signIn('old@example.com', PASSWORD)).toBe('OK')
    expect(await signIn('old@example.com', `${PASSWORD}x`)).toBe('WRONG_CREDENTIALS_ERROR')
  })

  it.each([
    ['bcrypt that is cut off', '$2b$10$short'],
    ['argon2 that is cut off', '$argon2id$v=19'],
    ['Firebase', '$f_scrypt$aGFzaA==$c2FsdA==$m=14$r=8$s=Bw=='],
  ])('of %s is taken, and lets nobody in', async (_, hash) => {
    expect((await importHash(hash)).status).toBe(200)
    expect(await signIn('old@example.com', PASSWORD)).toBe('WRONG_CREDENTIALS_ERROR')
  })

  it.each([
    ['no form', 'nothash', undefined, 'Password hash is in invalid format'],
    ['plain text', PASSWORD, undefined, 'Password hash is in invalid format'],
    [
      'another form than said: bcrypt',
      argon2Hash,
      'bcrypt',
      'Password hash is in invalid BCrypt format',
    ],
    [
      'another form than said: argon2',
      bcryptHash,
      'ARGON2',
      'Password hash is in invalid Argon2 format',
    ],
    [
      'another form than said: Firebase',
      bcryptHash,
      'firebase_scrypt',
      'Password hash is in invalid Firebase SCrypt format',
    ],
    ['an unknown algorithm', bcryptHash, 'scrypt', 'Unsupported password hashing algorithm'],
  ])('of %s is refused', async (_, hash, algorithm, text) => {
    expect(await importHash(hash, algorithm)).toMatchObject({ status: 400, text: `${text}\n` })
    expect(core.store.users.size).toBe(0)
  })

  it('replaces the one of a user there is', async () => {
    await call('POST', '/recipe/signup', { email: 'old@example.com', password: 'before' })
    const answer = JSON.parse((await importHash(bcryptHash, ' bCrypt ')).text)
    expect(answer.didUserAlreadyExist).toBe(true)
    expect(await signIn('old@example.com', 'before')).toBe('WRONG_CREDENTIALS_ERROR')
    expect(await signIn('old@example.com', PASSWORD)).toBe('OK')
  })
})

describe('a password', () => {
  it('counts up to its 72nd byte', async () => {
    const password = 'x'.repeat(100)
    await call('POST', '/recipe/signup', { email: 'long@example.com', password })
    expect(await signIn('long@example.com', 'x'.repeat(72))).toBe('OK')
    expect(await signIn('long@example.com', 'x'.repeat(71))).toBe('WRONG_CREDENTIALS_ERROR')
  })

  it('is no way in for users without one', async () => {
    const code = await call('POST', '/recipe/signinup/code', { email: 'none@example.com' })
    const { preAuthSessionId, linkCode } = code
    await call('POST', '/recipe/signinup/code/consume', { preAuthSessionId, linkCode })
    expect(await signIn('none@example.com', '')).toBe('WRONG_CREDENTIALS_ERROR')
  })

  it('is taken once by sign-ups that come together', async () => {
    const input = { email: 'race@example.com', password: 'x' }
    const answers = await Promise.all([1, 2, 3].map(() => call('POST', '/recipe/signup', input)))
    const statuses = answers.map(({ status }: Body) => status).sort()
    expect(statuses).toEqual(['EMAIL_ALREADY_EXISTS_ERROR', 'EMAIL_ALREADY_EXISTS_ERROR', 'OK'])
  })
})

describe('a token to reset it', () => {
  let userId: string

  beforeEach(async () => {
    const input = { email: 'reset@example.com', password: 'x' }
    userId = (await call('POST', '/recipe/signup', input)).recipeUserId
  })

  async function create(): Promise<string> {
    const input = { userId, email: 'reset@example.com' }
    return (await call('POST', '/recipe/user/password/reset/token', input)).token
  }

  function consume(token: string): Promise<Body> {
    return call('POST', '/recipe/user/password/reset/token/consume', { token })
  }

  it.each([
    ['right', 0, 'OK'],
    ['an hour old', 3600, 'OK'],
    ['older', 3601, 'RESET_PASSWORD_INVALID_TOKEN_ERROR'],
  ])('is %s', async (_, seconds, status) => {
    const token = await create()
    clock.advance(seconds)
    expect((await consume(token)).status).toBe(status)
  })

  it('makes those before it useless once it is used', async () => {
    const [one, other] = [await create(), await create()]
    await consume(other)
    expect((await consume(one)).status).toBe('RESET_PASSWORD_INVALID_TOKEN_ERROR')
  })

  it('is not made for an unknown user', async () => {
    const input = { userId: 'unknown', email: 'reset@example.com' }
    const answer = await call('POST', '/recipe/user/password/reset/token', input)
    expect(answer).toEqual({ status: 'UNKNOWN_USER_ID_ERROR' })
  })

  it('is none that was made up', async () => {
    expect(await consume('x')).toEqual({ status: 'RESET_PASSWORD_INVALID_TOKEN_ERROR' })
  })
})

describe('a token to verify an address', () => {
  const address = { userId: 'any', email: 'A@example.com' }

  async function create(): Promise<string> {
    return (await call('POST', '/recipe/user/email/verify/token', address)).token
  }

  it.each([
    ['in time', 86_399, 'OK'],
    ['late', 86_401, 'EMAIL_VERIFICATION_INVALID_TOKEN_ERROR'],
  ])('is used %s', async (_, seconds, status) => {
    const token = await create()
    clock.advance(seconds)
    const answer = await call('POST', '/recipe/user/email/verify', { method: 'token', token })
    expect(answer.status).toBe(status)
  })

  it('is one of several for other addresses, which go on working', async () => {
    const token = await create()
    const other = { userId: 'any', email: 'b@example.com' }
    const { token: second } = await call('POST', '/recipe/user/email/verify/token', other)
    await call('POST', '/recipe/user/email/verify', { method: 'token', token })
    const answer = await call('POST', '/recipe/user/email/verify', {
      method: 'token',
      token: second,
    })
    expect(answer).toMatchObject({ status: 'OK', email: 'b@example.com' })
  })
})
