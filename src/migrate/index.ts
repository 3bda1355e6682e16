/** `authmux/migrate`: moving from one vendor to the other while the app runs. */

export { type Coverage, readCoverage } from './coverage.js'
export { type CutOver, type CutOverOptions, cutOver } from './cut-over.js'
export type { HandOverRefusal, LinkRefusal, MigrationEvent, MoveInRefusal } from './events.js'
export type { IdentityOptions } from './identity.js'
export { type IdentityMap, memoryIdentityMap, type Principal } from './identity-map.js'
export { type ImportReport, type ImportUsersOptions, importUsers } from './import-users.js'
export type { MoveIn, MoveInResult } from './move-in.js'
export { type SqlQuery, sqlIdentityMap } from './sql-identity-map.js'
export type { Side, Situation, Step } from './steps.js'
export type { LinkByVerifiedEmail, LinkCandidate } from './verified-email.js'
