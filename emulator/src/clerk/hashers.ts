/**
 * Password digests that can be brought along from elsewhere, in the formats Clerk documents for
 * `password_hasher`.
 * @see https://clerk.com/docs/reference/backend/user/create-user (read 2026-11-21)
 */

import { createCipheriv, createHash, pbkdf2Sync, scryptSync } from 'node:crypto'
import { compare } from 'bcryptjs'
import { argon2Verify } from 'hash-wasm'

/** Names of hashers that Clerk takes digests of. */
export const HASHERS = [
  'argon2i',
  'argon2id',
  'awscognito',
  'bcrypt',
  'bcrypt_peppered',
  'bcrypt_sha256_django',
  'hmac_sha256_utf16_b64',
  'ldap_ssha',
  'md5',
  'md5_phpass',
  'md5_salted',
  'pbkdf2_sha1',
  'pbkdf2_sha256',
  'pbkdf2_sha256_django',
  'pbkdf2_sha512',
  'pbkdf2_sha512_hex',
  'phpass',
  'scrypt_firebase',
  'scrypt_werkzeug',
  'sha256',
  'sha256_salted',
  'sha512_symfony',
] as const

/** The hasher a digest was made by. */
export type Hasher = (typeof HASHERS)[number]

/** What is known of a hasher. */
export interface HasherTraits {
  readonly format: RegExp
  /** Whether a digest is the password's; `null` where digests are only stored. */
  readonly verify: ((password: string, digest: string) => Promise<boolean> | boolean) | null
}

/** Hashers whose digests Clerk replaces at the first sign-in. */
export const INSECURE_HASHERS: readonly Hasher[] = [
  'md5',
  'md5_salted',
  'sha256',
  'sha256_salted',
  'sha512_symfony',
]

const BCRYPT = String.raw`\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}`
const STORED_ONLY: HasherTraits = { format: /./s, verify: null }

/** Format and check of each hasher. */
export const HASHER_TRAITS: Readonly<Record<Hasher, HasherTraits>> = {
  argon2i: { format: argon2Format('argon2i'), verify: verifyArgon2 },
  argon2id: { format: argon2Format('argon2id'), verify: verifyArgon2 },
  awscognito: STORED_ONLY,
  bcrypt: { format: new RegExp(`^${BCRYPT}$`), verify: compare },
  bcrypt_peppered: {
    format: new RegExp(`^${BCRYPT}\\$.+$`, 's'),
    verify: (password, digest) => compare(password + digest.slice(61), digest.slice(0, 60)),
  },
  bcrypt_sha256_django: {
    format: new RegExp(`^bcrypt_sha256\\$${BCRYPT}$`),
    verify: (password, digest) =>
      compare(hash('sha256', password).toString('hex'), digest.slice('bcrypt_sha256$'.length)),
  },
  hmac_sha256_utf16_b64: STORED_ONLY,
  ldap_ssha: { format: /^\{SSHA\}[A-Za-z0-9+/]{28,}=*$/, verify: verifyLdap },
  md5: {
    format: /^[0-9a-f]{32}$/i,
    verify: (password, digest) => hash('md5', password).equals(Buffer.from(digest, 'hex')),
  },
  md5_phpass: STORED_ONLY,
  md5_salted: STORED_ONLY,
  pbkdf2_sha1: {
    format: /^pbkdf2_sha1\$\d+\$[^$]+\$[0-9a-f]+(\$\d+)?$/i,
    verify: (password, digest) =>
      verifyPbkdf2(password, digest, 'sha1', isHex(digest.split('$')[2]) ? 'hex' : 'utf8', 'hex'),
  },
  pbkdf2_sha256: {
    format: /^pbkdf2_sha256\$\d+\$[^$]+\$[A-Za-z0-9+/=]+$/,
    verify: (password, digest) => verifyPbkdf2(password, digest, 'sha256', 'base64', 'base64'),
  },
  pbkdf2_sha256_django: {
    format: /^pbkdf2_sha256\$\d+\$[^$]+\$[A-Za-z0-9+/=]+$/,
    verify: (password, digest) => verifyPbkdf2(password, digest, 'sha256', 'utf8', 'base64'),
  },
  pbkdf2_sha512: {
    format: /^pbkdf2_sha512\$\d+\$[^$]+\$[0-9a-f]+$/i,
    verify: (password, digest) => verifyPbkdf2(password, digest, 'sha512', 'utf8', 'hex'),
  },
  pbkdf2_sha512_hex: {
    format: /^pbkdf2_sha512_hex\$\d+\$[0-9a-f]+\$[0-9a-f]+$/i,
    verify: (password, digest) => verifyPbkdf2(password, digest, 'sha512', 'hex', 'hex'),
  },
  phpass: STORED_ONLY,
  scrypt_firebase: { format: /^([^$]+\$){4}\d+\$\d+$/, verify: verifyFirebase },
  scrypt_werkzeug: { format: /^scrypt:\d+:\d+:\d+\$[^$]+\$[0-9a-f]+$/i, verify: verifyWerkzeug },
  sha256: {
    format: /^[0-9a-f]{64}$/i,
    verify: (password, digest) => hash('sha256', password).equals(Buffer.from(digest, 'hex')),
  },
  sha256_salted: STORED_ONLY,
  sha512_symfony: STORED_ONLY,
}

/** Room for the largest of scrypt's usual settings; Node's default is too small for them. */
const SCRYPT_MEMORY_BYTES = 256 * 1024 * 1024

function argon2Format(variant: string): RegExp {
  const base64 = '[A-Za-z0-9+/]+'
  return new RegExp(String.raw`^\$${variant}\$v=19\$m=\d+,t=\d+,p=\d+\$${base64}\$${base64}$`)
}

function verifyArgon2(password: string, digest: string): Promise<boolean> {
  return argon2Verify({ password, hash: digest })
}

function verifyPbkdf2(
  password: string,
  digest: string,
  algorithm: string,
  saltEncoding: BufferEncoding,
  hashEncoding: BufferEncoding,
): boolean {
  const [, rounds, salt = '', expected = ''] = digest.split('$')
  const bytes = Buffer.from(expected, hashEncoding)
  const saltBytes = Buffer.from(salt, saltEncoding)
  return pbkdf2Sync(password, saltBytes, Number(rounds), bytes.length, algorithm).equals(bytes)
}

/** `<hash>$<salt>$<signer key>$<salt separator>$<rounds>$<memory cost>`, as Firebase exports them. */
function verifyFirebase(password: string, digest: string): boolean {
  const [expected = '', salt = '', signer = '', separator = '', rounds, cost] = digest.split('$')
  const [hashBytes, saltBytes, signerBytes, separatorBytes] = [
    expected,
    salt,
    signer,
    separator,
  ].map((part) => Buffer.from(part, 'base64')) as [Buffer, Buffer, Buffer, Buffer]
  const key = scryptSync(password, Buffer.concat([saltBytes, separatorBytes]), 32, {
    N: 2 ** Number(cost),
    r: Number(rounds),
    p: 1,
    maxmem: SCRYPT_MEMORY_BYTES,
  })
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(signerBytes).equals(hashBytes)
}

function verifyWerkzeug(password: string, digest: string): boolean {
  const [settings = '', salt = '', expected = ''] = digest.split('$')
  const [, N = 0, r = 0, p = 0] = settings.split(':').map(Number)
  const bytes = Buffer.from(expected, 'hex')
  const limits = { N, r, p, maxmem: SCRYPT_MEMORY_BYTES }
  return scryptSync(password, salt, bytes.length, limits).equals(bytes)
}

function verifyLdap(password: string, digest: string): boolean {
  const bytes = Buffer.from(digest.slice('{SSHA}'.length), 'base64')
  const salted = Buffer.concat([Buffer.from(password), bytes.subarray(20)])
  return hash('sha1', salted).equals(bytes.subarray(0, 20))
}

function hash(algorithm: string, input: string | Buffer): Buffer {
  return createHash(algorithm).update(input).digest()
}

function isHex(text = ''): boolean {
  return /^([0-9a-f]{2})+$/i.test(text)
}
