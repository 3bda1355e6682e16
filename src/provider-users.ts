/** User records of a vendor: the part of the contract that reads them, and moves them. */

import type { JsonObject } from './jwt/token.js'

/** The vendor's user records. */
export interface ProviderUsers {
  /**
   * @returns `null` when there is no such user any more.
   * @throws {AuthError} `provider_unavailable`.
   */
  get(subject: string): Promise<ProviderUser | null>
  /**
   * Id the app knows a user by, where the vendor keeps one beside its own.
   * @returns `null` when it keeps none for this user, or knows no such user.
   * @throws {AuthError} `provider_unavailable`.
   */
  appId?(subject: string): Promise<string | null>
  /**
   * The reverse of `appId`.
   * @returns `null` unless exactly one user is kept under that id.
   * @throws {AuthError} `provider_unavailable`.
   */
  subjectOf?(appId: string): Promise<string | null>
  /**
   * Users who have an e-mail address, proven or not.
   * @throws {AuthError} `provider_unavailable`.
   */
  findByEmail?(address: string): Promise<readonly UserAccount[]>
  /**
   * The user who signs in with an address and a password.
   * @returns `null` unless the vendor says that the password is right.
   * @throws {AuthError} `provider_unavailable`, also when the vendor is asked too often.
   */
  verifyPassword?(address: string, password: string): Promise<UserAccount | null>
  /**
   * Makes a user who is known by the app's id from the first moment. No address becomes verified
   * that is not, and no message is sent.
   * @throws {AuthError} `provider_unavailable`, `config_invalid`.
   */
  create?(user: NewUser): Promise<Creation>
  /**
   * Gives a user without a password their first one.
   * @returns `false` where there is no such user, or the vendor does not take the password.
   * @throws {AuthError} `provider_unavailable`.
   */
  setPassword?(subject: string, password: string): Promise<boolean>
  /**
   * Users by the time they joined, a page at a time.
   * @param cursor `next` of the page before; `null` for the first.
   * @throws {AuthError} `provider_unavailable`; `config_invalid` for a cursor that leads nowhere.
   */
  list?(cursor: string | null): Promise<UserPage>
}

/** A user record, normalised. */
export interface ProviderUser {
  /** Id of the user at the vendor. */
  readonly id: string
  /** Addresses, the primary one first. */
  readonly emails: readonly { readonly address: string; readonly verified: boolean }[]
  /** Primary phone number in E.164; `null` without one. */
  readonly phone: string | null
  /** Name to show; `null` without one. */
  readonly name: string | null
  /** Address of a picture; `null` without one. */
  readonly imageUrl: string | null
  readonly createdAt: Date
  /** What the app keeps with the user at the vendor. */
  readonly metadata: JsonObject
}

/** A user record with what decides whether and how the user may be moved. */
export interface UserAccount extends ProviderUser {
  readonly emails: readonly EmailAddress[]
  /** Whether the vendor keeps the user out: banned, locked. */
  readonly isBlocked: boolean
  readonly hasPassword: boolean
  readonly hasSecondFactor: boolean
}

/** An address of a user. */
export interface EmailAddress {
  readonly address: string
  readonly verified: boolean
  /** Whether the user signs in with it: nobody else can have it for that. */
  readonly isIdentifier: boolean
}

/** A user to be made. */
export interface NewUser extends Pick<ProviderUser, 'emails' | 'name' | 'createdAt' | 'metadata'> {
  /** Id of the user in the app. */
  readonly appId: string
  /** `null` for a user who gets one later. */
  readonly password: NewPassword | null
}

/** A password, or what another vendor has kept of one. */
export type NewPassword =
  | { readonly plain: string }
  /** `hasher` by its usual name: `bcrypt`, `argon2id`, … */
  | { readonly digest: string; readonly hasher: string }

/** What became of a user to be made. */
export type Creation =
  | { readonly outcome: 'created'; readonly subject: string }
  /** Their address or id is somebody's already. */
  | { readonly outcome: 'exists' }
  /** The vendor does not take such a user; a code, without personal data. */
  | { readonly outcome: 'refused'; readonly reason: string }

/** Some of a vendor's users. */
export interface UserPage {
  readonly accounts: readonly UserAccount[]
  /** Where the next page begins; `null` after the last. */
  readonly next: string | null
}
