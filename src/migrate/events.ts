/** What happens to sessions and ids during a move, for an audit log; ids only, no personal data. */

/** One thing that happened. */
export interface MigrationEvent {
  readonly type:
    | 'hand-over-minted'
    | 'hand-over-confirmed'
    | 'hand-over-refused'
    | 'user-moved-in'
    | 'move-in-refused'
    | 'user-linked'
    | 'link-refused'
  /** Id of the user in the app; `provider:subject` for one who has none. */
  readonly userId: string
  /** Key of the provider the session or the user is of. */
  readonly from: string
  /** Key of the provider it goes to, or they. */
  readonly to: string
  /** Why it was refused; `null` otherwise. */
  readonly reason: HandOverRefusal | MoveInRefusal | LinkRefusal | null
  readonly at: Date
}

/** Why a session stays where it is. */
export type HandOverRefusal =
  /** Too many attempts of one user. */
  | 'too_many_requests'
  /** The other vendor does not have this user. */
  | 'unmapped'
  /** A second factor that the new session has not proven. */
  | 'second_factor'
  /** Somebody acts as the user, which the new session would not show. */
  | 'impersonated'
  /** The two sessions are of two people. */
  | 'conflict'

/** Why a user is not made at the new vendor. */
export type MoveInRefusal =
  /** The old vendor keeps them out. */
  | 'blocked'
  /** They have a second factor, which does not come along. */
  | 'second_factor'
  /** Their address is somebody else's at the new vendor. */
  | 'taken'
  /** The new vendor does not take such a user, or such a password. */
  | 'not_accepted'

/** Why two users with one verified address stay two. */
export type LinkRefusal =
  /** One of the two vendors has not verified the address. */
  | 'unverified'
  /** More than one user has the address at one of the vendors. */
  | 'ambiguous'
  /** One of the two is somebody's already. */
  | 'taken'
  /** The app has said no. */
  | 'declined'
  | 'blocked'
  | 'second_factor'
