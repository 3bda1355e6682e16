/** What the stand-in remembers. Times are milliseconds since the epoch. */

import type { Hasher } from './hashers.js'
import type { JsonObject } from './json/types.js'

/** Somebody who may sign in. */
export interface UserRecord {
  readonly id: string
  externalId: string | null
  username: string | null
  firstName: string | null
  lastName: string | null
  locale: string | null
  timezone: string | null
  emailAddresses: readonly EmailAddressRecord[]
  phoneNumbers: readonly PhoneNumberRecord[]
  primaryEmailAddressId: string | null
  primaryPhoneNumberId: string | null
  password: PasswordRecord | null
  totpSecret: string | null
  backupCodes: readonly string[]
  publicMetadata: JsonObject
  privateMetadata: JsonObject
  unsafeMetadata: JsonObject
  isBanned: boolean
  isLocked: boolean
  canDeleteSelf: boolean
  canCreateOrganizations: boolean
  organizationsLimit: number | null
  legalAcceptedAt: number | null
  lastSignInAt: number | null
  lastActiveAt: number | null
  /** Organisation the next session starts in. */
  nextOrganizationId: string | null
  createdAt: number
  updatedAt: number
}

/** A password, as its digest. */
export interface PasswordRecord {
  readonly digest: string
  readonly hasher: Hasher
  readonly updatedAt: number
}

/** An e-mail address of a user. */
export interface EmailAddressRecord {
  readonly id: string
  readonly address: string
  /** `reserved`: unverified, but good for signing in, and nobody else's. */
  readonly status: 'verified' | 'reserved' | 'unverified'
  /** How it was verified: `admin` or `email_code`. */
  readonly strategy: string
}

/** A phone number of a user, by E.164. */
export interface PhoneNumberRecord {
  readonly id: string
  readonly number: string
  readonly status: 'verified' | 'reserved'
}

/** State of a session, apart from the passing of time. */
export type SessionStatus = 'active' | 'ended' | 'expired' | 'removed' | 'replaced' | 'revoked'

/** A user being signed in, in one client. */
export interface SessionRecord {
  readonly id: string
  readonly userId: string
  readonly clientId: string
  status: SessionStatus
  activeOrganizationId: string | null
  /** Who acts as the user; `null` for the user. */
  readonly actor: JsonObject | null
  /** What a server shows to have an expired token replaced. */
  readonly refreshToken: string
  readonly createdAt: number
  expireAt: number
  lastActiveAt: number
  updatedAt: number
}

/** A browser, or another thing that sessions live in. */
export interface ClientRecord {
  readonly id: string
  /** What the browser shows to be recognised: its `__client` cookie. */
  readonly token: string
  lastActiveSessionId: string | null
  signInId: string | null
  signUpId: string | null
  lastStrategy: string | null
  readonly createdAt: number
  /** When who is signed in last changed. */
  updatedAt: number
}

/** A group of users. */
export interface OrganizationRecord {
  readonly id: string
  name: string
  slug: string
  publicMetadata: JsonObject
  privateMetadata: JsonObject
  maxAllowedMemberships: number
  isDeletableByAdmin: boolean
  readonly createdBy: string | null
  readonly createdAt: number
  updatedAt: number
}

/** A user being in an organisation. */
export interface MembershipRecord {
  readonly id: string
  readonly organizationId: string
  readonly userId: string
  role: string
  publicMetadata: JsonObject
  privateMetadata: JsonObject
  readonly createdAt: number
  updatedAt: number
}

/** What a kind of JWT is made of. */
export interface TemplateRecord {
  readonly id: string
  name: string
  claims: JsonObject
  lifetimeSeconds: number
  allowedClockSkewSeconds: number
  /** `null`: the instance's own key signs. */
  signing: { readonly algorithm: string; readonly key: string } | null
  readonly createdAt: number
  updatedAt: number
}

/** A sign-in token or an actor token: something that signs in without a password. */
export interface TicketRecord {
  readonly id: string
  readonly userId: string
  readonly token: string
  status: 'pending' | 'accepted' | 'revoked'
  readonly organizationId: string | null
  readonly actor: JsonObject | null
  readonly sessionSeconds: number
  readonly expireAt: number
  readonly createdAt: number
  updatedAt: number
}

/** A code sent by e-mail, and how often it was guessed. */
export interface VerificationRecord {
  readonly strategy: string
  readonly emailAddress: string
  readonly code: string
  status: 'unverified' | 'verified' | 'failed' | 'expired'
  attempts: number
  readonly expireAt: number
}

/** An attempt to sign in. */
export interface SignInRecord {
  readonly id: string
  status: 'needs_identifier' | 'needs_first_factor' | 'needs_new_password' | 'complete'
  identifier: string | null
  userId: string | null
  verification: VerificationRecord | null
  createdSessionId: string | null
}

/** An attempt to sign up. */
export interface SignUpRecord {
  readonly id: string
  emailAddress: string | null
  username: string | null
  firstName: string | null
  lastName: string | null
  password: PasswordRecord | null
  unsafeMetadata: JsonObject
  locale: string | null
  legalAcceptedAt: number | null
  verification: VerificationRecord | null
  createdUserId: string | null
  createdSessionId: string | null
}

/** Cookies on their way to a server, which fetches them by a nonce. */
export interface HandshakeRecord {
  readonly directives: readonly string[]
  readonly expireAt: number
}

/** An e-mail with a code. */
export interface SentEmail {
  readonly at: number
  readonly to: string
  readonly code: string
}
