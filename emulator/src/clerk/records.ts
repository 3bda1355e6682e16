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
  /** Address of the picture; `null` without one. */
  imageUrl: string | null
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

/** A secret shared with an app that makes codes. */
export interface TotpRecord {
  /** In Base32. */
  readonly secret: string
  readonly isVerified: boolean
  readonly createdAt: number
  readonly updatedAt: number
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
  readonly status: 'verified' | 'reserved' | 'unverified'
  /** Whether codes sent there are asked for besides a password. */
  readonly isSecondFactor: boolean
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
  /** When the user last proved who they are. */
  firstFactorAt: number
  /** The same by a second factor; `null` if never. */
  secondFactorAt: number | null
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
  /** Address of the logo; `null` without one. */
  imageUrl: string | null
  publicMetadata: JsonObject
  privateMetadata: JsonObject
  maxAllowedMemberships: number
  isDeletableByAdmin: boolean
  readonly createdBy: string | null
  readonly createdAt: number
  updatedAt: number
}

/** A domain whose e-mail addresses an organisation's members have. */
export interface OrganizationDomainRecord {
  readonly id: string
  readonly organizationId: string
  readonly name: string
  enrollmentMode: string
  isVerified: boolean
  readonly createdAt: number
  updatedAt: number
}

/** An entry of a list that servers keep. */
export interface EntryRecord {
  readonly id: string
  readonly kind: 'allowlist_identifier' | 'blocklist_identifier' | 'redirect_url'
  readonly value: string
  readonly createdAt: number
  readonly updatedAt: number
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

/** An invitation to sign up, and perhaps into an organisation. */
export interface InvitationRecord {
  readonly id: string
  readonly emailAddress: string
  /** Where the invited are to belong; `null` for the app alone. */
  readonly membership: InvitedMembership | null
  /** What the link in the e-mail carries. */
  readonly ticket: string
  status: 'pending' | 'accepted' | 'revoked'
  readonly publicMetadata: JsonObject
  readonly privateMetadata: JsonObject
  /** Page of the app that the link leads to. */
  readonly redirectUrl: string | null
  /** Who accepted it. */
  userId: string | null
  readonly expireAt: number
  readonly createdAt: number
  updatedAt: number
}

/** A membership that an invitation offers. */
export interface InvitedMembership {
  readonly organizationId: string
  readonly role: string
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

/** A code that was sent, and how often it was guessed. */
export interface VerificationRecord {
  readonly strategy: string
  /** E-mail address or phone number. */
  readonly destination: string
  readonly code: string
  status: 'unverified' | 'verified' | 'failed' | 'expired'
  attempts: number
  readonly expireAt: number
}

/** A session whose user has to prove again who they are. */
export interface SessionVerificationRecord {
  readonly level: 'first_factor' | 'second_factor' | 'multi_factor'
  status: 'needs_first_factor' | 'needs_second_factor' | 'complete'
  firstFactor: VerificationRecord | null
  secondFactor: VerificationRecord | null
}

/** Somebody who would like to be let in. */
export interface WaitlistRecord {
  readonly id: string
  readonly emailAddress: string
  status: 'pending' | 'invited' | 'rejected'
  /** What let them in, if anything. */
  invitationId: string | null
  readonly createdAt: number
  updatedAt: number
}

/** An attempt to sign in. */
export interface SignInRecord {
  readonly id: string
  status:
    | 'needs_identifier'
    | 'needs_first_factor'
    | 'needs_second_factor'
    | 'needs_new_password'
    | 'complete'
  identifier: string | null
  userId: string | null
  /** The first factor's. */
  verification: VerificationRecord | null
  secondVerification: VerificationRecord | null
  createdSessionId: string | null
}

/** An attempt to sign up. */
export interface SignUpRecord {
  readonly id: string
  emailAddress: string | null
  phoneNumber: string | null
  username: string | null
  firstName: string | null
  lastName: string | null
  password: PasswordRecord | null
  unsafeMetadata: JsonObject
  locale: string | null
  legalAcceptedAt: number | null
  emailVerification: VerificationRecord | null
  phoneVerification: VerificationRecord | null
  /** What they were invited by, if they were. */
  invitationId: string | null
  createdUserId: string | null
  createdSessionId: string | null
}

/** Cookies on their way to a server, which fetches them by a nonce. */
export interface HandshakeRecord {
  readonly directives: readonly string[]
  readonly expireAt: number
}

/** An e-mail or a text message with a code. */
export interface SentMessage {
  readonly at: number
  readonly to: string
  readonly code: string
}
