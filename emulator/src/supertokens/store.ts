/** All a stand-in of a core remembers. */

/** Data of the app, which a core does not look into. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Ways to sign in. */
export type LoginRecipe = 'emailpassword' | 'thirdparty' | 'passwordless'

/** A user and its only login method: more than one take account linking, which needs a licence. */
export interface User {
  readonly id: string
  readonly recipeId: LoginRecipe
  /** Milliseconds since the epoch. */
  readonly timeJoined: number
  readonly thirdParty: { readonly id: string; readonly userId: string } | undefined
  email: string | undefined
  phoneNumber: string | undefined
  passwordHash: string | undefined
}

/** The id of the app's own for a user. */
export interface UserIdMapping {
  readonly superTokensUserId: string
  readonly externalUserId: string
  externalUserIdInfo: string | undefined
}

/** One session, whoever holds its tokens. */
export interface Session {
  readonly handle: string
  /** As shown to the outside: the external id where the user has one, any string where unknown. */
  readonly userId: string
  /** Milliseconds since the epoch. */
  readonly timeCreated: number
  /** Twice the SHA-256 of the refresh token in use. */
  refreshTokenHash2: string
  userDataInJwt: JsonObject
  userDataInDatabase: JsonObject
  /** Milliseconds since the epoch. */
  expiry: number
  usesStaticKey: boolean
}

/** A token to verify an e-mail address or to reset a password. */
export interface EmailToken {
  readonly userId: string
  readonly email: string
  /** Milliseconds since the epoch. */
  readonly timeCreated: number
  /** Milliseconds since the epoch. */
  readonly expiry: number
}

/** Where a passwordless sign-in was started, and the codes sent for it. */
export interface CodeDevice {
  readonly deviceId: string
  readonly preAuthSessionId: string
  readonly email: string | undefined
  readonly phoneNumber: string | undefined
  readonly codes: Map<string, PasswordlessCode>
  failedAttempts: number
}

/** A code in both its forms: to type in, and to follow as a link. */
export interface PasswordlessCode {
  readonly codeId: string
  readonly userInputCode: string
  readonly linkCode: string
  /** Milliseconds since the epoch. */
  readonly timeCreated: number
}

/** A user waiting in the queue of the bulk import, or left there with an error. */
export interface QueuedUser {
  readonly id: string
  /** The user as handed in, with defaults filled in. */
  readonly input: JsonObject
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  updatedAt: number
  status: 'NEW' | 'PROCESSING' | 'FAILED'
  errorMessage: string | undefined
}

/** Tables by what they are looked up by; ids of users are SuperTokens ids, unless they say otherwise. */
export interface Store {
  /** By SuperTokens id. */
  readonly users: Map<string, User>
  /** By SuperTokens id. */
  readonly userIdMappings: Map<string, UserIdMapping>
  /** By handle. */
  readonly sessions: Map<string, Session>
  /** By user id as given. */
  readonly metadata: Map<string, JsonObject>
  /** Permissions by role. */
  readonly roles: Map<string, Set<string>>
  /** Roles by user id as given. */
  readonly userRoles: Map<string, Set<string>>
  /** Verified addresses by user id as given. */
  readonly verifiedEmails: Map<string, Set<string>>
  /** By token. */
  readonly verificationTokens: Map<string, EmailToken>
  /** By token. */
  readonly passwordResetTokens: Map<string, EmailToken>
  /** By `preAuthSessionId`. */
  readonly codeDevices: Map<string, CodeDevice>
  /** By id in the queue. */
  readonly bulkImport: Map<string, QueuedUser>
  /** Last use, in milliseconds since the epoch, by SuperTokens id. */
  readonly lastActive: Map<string, number>
}

/** A store with nothing in it. */
export function createStore(): Store {
  return {
    users: new Map(),
    userIdMappings: new Map(),
    sessions: new Map(),
    metadata: new Map(),
    roles: new Map(),
    userRoles: new Map(),
    verifiedEmails: new Map(),
    verificationTokens: new Map(),
    passwordResetTokens: new Map(),
    codeDevices: new Map(),
    bulkImport: new Map(),
    lastActive: new Map(),
  }
}
