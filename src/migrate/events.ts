/** What happens to sessions and ids during a move, for an audit log; ids only, no personal data. */

/** One thing that happened. */
export interface MigrationEvent {
  readonly type: 'hand-over-minted' | 'hand-over-confirmed' | 'hand-over-refused'
  /** Id of the user in the app. */
  readonly userId: string
  /** Key of the provider the session is of. */
  readonly from: string
  /** Key of the provider it goes to. */
  readonly to: string
  /** Why it was refused; `null` otherwise. */
  readonly reason: HandOverRefusal | null
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
