/** What an app is told of its users, whichever vendor they are with. */

import type { ProviderUser } from '../provider.js'

/** Something that happened to a user; `type` tells kinds apart. */
export type UserEvent = UserRecordEvent | UserDeletedEvent | SessionEvent

/** What every event says. */
interface EventFacts {
  /** Names the event: the same one is never told under another id. */
  readonly id: string
  readonly occurredAt: Date
  /** Key of the provider in `providers`: `clerk` or `supertokens`. */
  readonly provider: string
  /** Id of the user at the vendor. */
  readonly providerUserId: string
  /** Id of the user in the app; `null` for a user a migration knows no id of. */
  readonly userId: string | null
}

/** A user has been made or changed; `user` is all of the record, so both may be written the same way. */
export interface UserRecordEvent extends EventFacts {
  readonly type: 'user.created' | 'user.updated'
  readonly user: ProviderUser
}

/** A user is gone at the vendor, and every session of theirs. */
export interface UserDeletedEvent extends EventFacts {
  readonly type: 'user.deleted'
}

/** A session has begun, or was ended; a session that merely runs out is no event. */
export interface SessionEvent extends EventFacts {
  readonly type: 'session.created' | 'session.ended'
  readonly sessionId: string
}

/** An event as a vendor tells of it. */
export interface VendorEvent {
  readonly type: UserEvent['type']
  readonly subject: string
  /** `null` for all but sessions. */
  readonly sessionId: string | null
  /** Idempotency key; `null` to be made from type, subject and time. */
  readonly id: string | null
  /** Milliseconds since the epoch; `null` for now, in the order of arrival. */
  readonly at: number | null
  /** The user's record; `null` to be read when the event is delivered. */
  readonly user: ProviderUser | null
  /** Id of the app in that record; `undefined` where the event holds none. */
  readonly appId?: string | null | undefined
}
