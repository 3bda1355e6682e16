/** Seed files: users, roles and organisations to begin with, the same for both vendors. */

import { z } from 'zod'

/** What a seed file says, with every default filled in. */
export interface Seed {
  /** Permissions by role. */
  readonly roles: Readonly<Record<string, readonly string[]>>
  readonly users: readonly SeedUser[]
  readonly organizations: readonly SeedOrganization[]
}

/** Somebody who may sign in. */
export interface SeedUser {
  /** In small letters. */
  readonly email: string
  /** Default `true`. */
  readonly isEmailVerified: boolean
  /** Default: none, and the user signs in by a code. */
  readonly password?: string | undefined
  readonly firstName?: string | undefined
  readonly lastName?: string | undefined
  /** Default: none. */
  readonly metadata: Readonly<Record<string, unknown>>
  /** Names of roles; default none. */
  readonly roles: readonly string[]
}

/** A group of users. */
export interface SeedOrganization {
  readonly name: string
  readonly slug: string
  readonly members: readonly SeedMember[]
}

/** A user being in an organisation, by e-mail address. */
export interface SeedMember {
  readonly email: string
  /** Default `org:member`. */
  readonly role: string
}

/** What became of a seed. */
export interface SeedReport {
  /** Users that were made. */
  readonly added: number
  /** Users that were there already, and were left as they are. */
  readonly kept: number
  /** What the vendor has no place for, with the reason. */
  readonly skipped: readonly string[]
}

const MIN_PASSWORD_LENGTH = 8
const MAX_PASSWORD_BYTES = 72

const name = z.string().trim().min(1)
const email = z.string().trim().toLowerCase().pipe(z.email())

const password = z
  .string()
  .min(MIN_PASSWORD_LENGTH, `must have ${MIN_PASSWORD_LENGTH} characters or more`)
  .refine((text) => Buffer.byteLength(text) <= MAX_PASSWORD_BYTES, {
    error: `must have ${MAX_PASSWORD_BYTES} bytes or fewer`,
  })

/** Kept in the metadata of users by a vendor that has no other place for them. */
const OWN_METADATA = ['roles', 'permissions'] as const

const user = z.strictObject({
  email,
  isEmailVerified: z.boolean().default(true),
  password: password.optional(),
  firstName: name.optional(),
  lastName: name.optional(),
  metadata: z
    .record(z.string(), z.unknown())
    .refine((metadata) => OWN_METADATA.every((own) => !Object.hasOwn(metadata, own)), {
      error: 'cannot have "roles" or "permissions": they are set by "roles"',
    })
    .default({}),
  roles: z.array(name).default([]),
})

const organization = z.strictObject({
  name,
  slug: z.string().regex(/^[a-z0-9-]+$/, 'must be made of a-z, 0-9 and -'),
  members: z.array(z.strictObject({ email, role: name.default('org:member') })).default([]),
})

/** The schema of seed files, apart from what refers to something else in the file. */
export const seedSchema: z.ZodType<Seed> = z.strictObject({
  $schema: z.string().optional(),
  roles: z.record(name, z.array(name)).default({}),
  users: z.array(user).default([]),
  organizations: z.array(organization).default([]),
})
