/** What can be set about a stand-in of a core; the defaults are a core's own unless they say otherwise. */

import type { Clock } from '../base/clock.js'
import type { Snapshot } from '../base/snapshot.js'

/** Settings of a stand-in, each with a default. */
export interface SuperTokensCoreOptions {
  /** Time for all that is issued; default the system's. */
  readonly clock?: Clock
  /** What another one remembered, keys included; default nothing. */
  readonly snapshot?: Snapshot
  /** Keys, one of which every call has to carry; default none, which asks for no key. */
  readonly apiKeys?: readonly string[]
  /** Default 3600, one hour. */
  readonly accessTokenValiditySeconds?: number
  /** Default 144000, a hundred days. */
  readonly refreshTokenValidityMinutes?: number
  /** Time between two dynamic signing keys; default 168, a week. */
  readonly keyRotationHours?: number
  /** Cost of the hashes of new passwords; default 4, to keep tests fast. A core's is 11. */
  readonly bcryptRounds?: number
  /** Life of a passwordless code; default 900, a quarter of an hour. */
  readonly codeValiditySeconds?: number
  /** Wrong codes after which a passwordless sign-in has to start again; default 5. */
  readonly maxCodeAttempts?: number
  /**
   * Parts a run of the bulk import splits the queue into, each imported as a whole or not at all;
   * default 1. A core's is its number of processors.
   */
  readonly bulkImportChunks?: number
}

/** The options with every default filled in, and times in milliseconds. */
export interface Settings {
  readonly apiKeys: readonly string[]
  readonly accessTokenValidityMs: number
  readonly refreshTokenValidityMs: number
  readonly keyRotationMs: number
  readonly bcryptRounds: number
  readonly codeValidityMs: number
  readonly maxCodeAttempts: number
  readonly bulkImportChunks: number
}

/** Fills the defaults in. */
export function toSettings(options: SuperTokensCoreOptions): Settings {
  return {
    apiKeys: options.apiKeys ?? [],
    accessTokenValidityMs: (options.accessTokenValiditySeconds ?? 3600) * 1000,
    refreshTokenValidityMs: (options.refreshTokenValidityMinutes ?? 144_000) * 60_000,
    keyRotationMs: (options.keyRotationHours ?? 168) * 3_600_000,
    bcryptRounds: options.bcryptRounds ?? 4,
    codeValidityMs: (options.codeValiditySeconds ?? 900) * 1000,
    maxCodeAttempts: options.maxCodeAttempts ?? 5,
    bulkImportChunks: options.bulkImportChunks ?? 1,
  }
}
