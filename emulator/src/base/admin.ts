/** What a stand-in shows of its memory, and what can be done there, alike for both vendors. */

import type { Seed, SeedReport } from '../seed/schema.js'

/** What a stand-in holds, in words that do for both vendors, and what can be changed there. */
export interface Admin {
  /** Newest last. */
  users(): readonly UserSummary[]
  /** Those that are over included, as far as they are remembered; newest last. */
  sessions(): readonly SessionSummary[]
  /** Codes and tokens made to be sent to somebody, newest last. */
  messages(): readonly MessageSummary[]
  /** Gives a role that holds in the whole application; `false` where there is no such user. */
  giveRole(userId: string, role: string): boolean
  /** Takes a role away; `false` where there is no such user. */
  takeRole(userId: string, role: string): boolean
  /** Adds what a seed file describes and is not there yet. */
  seed(seed: Seed): Promise<SeedReport>
}

/** A user; times are milliseconds since the epoch. */
export interface UserSummary {
  /** As the app sees it. */
  readonly id: string
  /** E-mail addresses, phone numbers, names to sign in with. */
  readonly identifiers: readonly string[]
  readonly roles: readonly string[]
  readonly createdAt: number
}

/** A session; times are milliseconds since the epoch. */
export interface SessionSummary {
  readonly id: string
  readonly userId: string
  /** `active`, or how it ended. */
  readonly status: string
  readonly createdAt: number
  readonly expiresAt: number
}

/** Something made to be sent; times are milliseconds since the epoch. */
export interface MessageSummary {
  readonly at: number
  /** E-mail address or phone number. */
  readonly to: string
  readonly about: string
  /** To type in. */
  readonly code: string | null
  /** To follow as part of a link, which only the app can write in full. */
  readonly token: string | null
}
