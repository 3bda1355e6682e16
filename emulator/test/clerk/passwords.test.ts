import { createCipheriv, createHash, pbkdf2Sync, scryptSync } from 'node:crypto'
import { hashSync } from 'bcryptjs'
import { argon2i, argon2id } from 'hash-wasm'
import { describe, expect, it } from 'vitest'
import { HASHER_TRAITS, HASHERS } from '../../src/clerk/hashers.js'
import { ADA, refusal, serveTests } from './support.js'

const PASSWORD = 'correct horse battery'
const SALT = Buffer.from('0123456789abcdef')

const served = await serveTests()

/** The digests as other systems export them. */
const DIGESTS: Record<string, () => string | Promise<string>> = {
  argon2i: () => argon2i({ ...ARGON2, outputType: 'encoded' }),
  argon2id: () => argon2id({ ...ARGON2, outputType: 'encoded' }),
  bcrypt: () => hashSync(PASSWORD, 4),
  bcrypt_peppered: () => `${hashSync(`${PASSWORD}pepper`, 4)}$pepper`,
  bcrypt_sha256_django: () => `bcrypt_sha256$${hashSync(sha('sha256').toString('hex'), 4)}`,
  ldap_ssha: () => `{SSHA}${Buffer.concat([sha('sha1', SALT), SALT]).toString('base64')}`,
  md5: () => sha('md5').toString('hex'),
  pbkdf2_sha1: () => `pbkdf2_sha1$100$${SALT.toString('hex')}$${pbkdf2('sha1').toString('hex')}`,
  pbkdf2_sha256: () =>
    `pbkdf2_sha256$100$${SALT.toString('base64')}$${pbkdf2('sha256').toString('base64')}`,
  pbkdf2_sha256_django: () => `pbkdf2_sha256$100$${SALT}$${pbkdf2('sha256').toString('base64')}`,
  pbkdf2_sha512: () => `pbkdf2_sha512$100$${SALT}$${pbkdf2('sha512').toString('hex')}`,
  pbkdf2_sha512_hex: () =>
    `pbkdf2_sha512_hex$100$${SALT.toString('hex')}$${pbkdf2('sha512').toString('hex')}`,
  scrypt_firebase: () => {
    const signer = Buffer.from('signer key of the project')
    const separator = Buffer.from('Bw==', 'base64')
    const salted = Buffer.concat([SALT, separator])
    const key = scryptSync(PASSWORD, salted, 32, { N: 2 ** 10, r: 8, p: 1 })
    const hash = createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(signer)
    const parts = [hash, SALT, signer, separator].map((part) => part.toString('base64'))
    return [...parts, 8, 10].join('$')
  },
  scrypt_werkzeug: () =>
    `scrypt:1024:8:1$${SALT}$${scryptSync(PASSWORD, SALT, 64, { N: 1024, r: 8, p: 1 }).toString('hex')}`,
  sha256: () => sha('sha256').toString('hex'),
}

const ARGON2 = {
  password: PASSWORD,
  salt: SALT,
  iterations: 1,
  parallelism: 1,
  memorySize: 64,
  hashLength: 32,
} as const

function sha(algorithm: string, salt = Buffer.alloc(0)): Buffer {
  return createHash(algorithm).update(PASSWORD).update(salt).digest()
}

function pbkdf2(algorithm: string): Buffer {
  return pbkdf2Sync(PASSWORD, SALT, 100, 32, algorithm)
}

async function bring(passwordHasher: string, passwordDigest: string): Promise<string> {
  const { password, ...rest } = ADA
  const fields = { ...rest, passwordDigest, passwordHasher }
  return (await served.client.users.createUser(fields as never)).id
}

const verify = (userId: string, password: string) =>
  served.client.users.verifyPassword({ userId, password })

describe.each(Object.entries(DIGESTS))('%s', (hasher, digest) => {
  it('knows the password from others', async () => {
    const id = await bring(hasher, await digest())
    expect(await refusal(verify(id, `${PASSWORD}!`))).toMatchObject({
      status: 422,
      codes: ['incorrect_password'],
    })
    expect(await verify(id, PASSWORD)).toEqual({ verified: true })
    // A second time: what Clerk replaces at the first sign-in must still be the password.
    expect(await verify(id, PASSWORD)).toEqual({ verified: true })
  })

  it('refuses digests of another form', async () => {
    const call = bring(hasher, '$argon2d$nothing')
    expect(await refusal(call)).toMatchObject({
      status: 422,
      codes: ['form_password_digest_invalid'],
      parameters: ['password_digest'],
    })
  })
})

describe('passwords', () => {
  const stored = HASHERS.filter((hasher) => !HASHER_TRAITS[hasher].verify)

  it('are all of them covered here', () => {
    expect([...Object.keys(DIGESTS), ...stored].toSorted()).toEqual([...HASHERS].toSorted())
  })

  it.each(stored)('hashed by %s are stored, and said to be unsupported', async (hasher) => {
    const id = await bring(hasher, 'whatever')
    expect(await refusal(verify(id, PASSWORD))).toMatchObject({
      status: 501,
      codes: ['not_emulated'],
    })
  })

  it('hashed unsafely are hashed again by bcrypt', async () => {
    const id = await bring('md5', sha('md5').toString('hex'))
    await verify(id, PASSWORD)
    expect(served.instance.store.users.get(id)?.password?.hasher).toBe('bcrypt')
  })

  it.each([
    {
      says: 'no hasher',
      fields: { passwordDigest: hashSync(PASSWORD, 4) },
      parameter: 'password_hasher',
    },
    {
      says: 'a hasher that Clerk does not know',
      fields: { passwordDigest: 'x', passwordHasher: 'argon2d' },
      parameter: 'password_hasher',
    },
    {
      says: 'half a bcrypt digest',
      fields: { passwordDigest: hashSync(PASSWORD, 4).slice(0, 30), passwordHasher: 'bcrypt' },
      parameter: 'password_digest',
    },
  ])('are refused with $says', async ({ fields, parameter }) => {
    const { password, ...rest } = ADA
    const call = served.client.users.createUser({ ...rest, ...fields } as never)
    expect(await refusal(call)).toMatchObject({ status: 422, parameters: [parameter] })
  })

  it('that are not set cannot be verified', async () => {
    const { id } = await served.client.users.createUser(ADA)
    await served.client.users.removePassword(id)
    expect(await refusal(verify(id, PASSWORD))).toMatchObject({
      status: 400,
      codes: ['no_password_set'],
    })
  })

  it('end the sessions when changed, if asked to', async () => {
    const { users, sessions } = served.client
    const { id } = await users.createUser(ADA)
    const session = await sessions.createSession({ userId: id })
    await users.updateUser(id, { password: 'another password' })
    expect((await sessions.getSession(session.id)).status).toBe('active')
    await users.updateUser(id, { password: 'third password', signOutOfOtherSessions: true })
    expect((await sessions.getSession(session.id)).status).toBe('revoked')
    expect(await verify(id, 'third password')).toEqual({ verified: true })
  })
})
