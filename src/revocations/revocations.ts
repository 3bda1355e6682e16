/** What the core knows of a list of ended sessions that all instances of an app share. */

import type { AuthProvider, ProviderSession } from '../provider.js'

/** One session. Says what an auth object and a `session.ended` event say, so either can be handed in. */
export interface EndedSession {
  /** Key of the provider in `providers`. */
  readonly provider: string
  /** Id of the session at the vendor. */
  readonly sessionId: string
}

/** Every session of a user: all tokens issued up to the second in which the store is told. */
export interface EndedUser {
  /** Key of the provider in `providers`. */
  readonly provider: string
  /** Id of the user at the vendor. */
  readonly providerUserId: string
  readonly sessionId?: undefined
}

/** A list of ended sessions; `redisRevocations` or `memoryRevocations` of `authmux/revocations`. */
export interface Revocations {
  /** Version of this contract; any other is refused. */
  readonly contract: 1
  /**
   * Puts a session, or all sessions of a user, on the list; resolves once every instance can know.
   * Ends nothing at the vendor, whose next token counts again unless the session is ended there first.
   * @throws {AuthError} `provider_unavailable` when the store does not answer; `config_invalid` for
   * what names neither.
   */
  revoke(ended: EndedSession | EndedUser): Promise<void>
  /**
   * Refuses a session that is on the list; at once, unless the store has to be asked.
   * @param name Key of its provider.
   * @param now Milliseconds since the epoch.
   * @returns `undefined` when it has been told at once, by what is known here.
   * @throws {AuthError} `session_revoked`; `token_expired` for a token from before the list begins;
   * `provider_unavailable`.
   */
  check(
    name: string,
    session: Pick<ProviderSession, 'subject' | 'sessionId' | 'issuedAt'>,
    now: number,
  ): Promise<void> | undefined
  /** The provider, which puts every session it is asked to end, or sees end, on the list. */
  watch(name: string, provider: AuthProvider): AuthProvider
}
