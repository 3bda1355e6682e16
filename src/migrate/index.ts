/** `authmux/migrate`: moving from one vendor to the other while the app runs. */

export type { Comparison, SideFacts } from '../plan.js'
export type { SqlQuery, SqlTableOptions } from '../sql.js'
export { type Coverage, readCoverage } from './coverage.js'
export { type CutOver, type CutOverOptions, cutOver, type ShadowOptions } from './cut-over.js'
export type { HandOverRefusal, LinkRefusal, MigrationEvent, MoveInRefusal } from './events.js'
export type { IdentityOptions } from './identity.js'
export { type IdentityMap, memoryIdentityMap, type Principal } from './identity-map.js'
export { type ImportReport, type ImportUsersOptions, importUsers } from './import-users.js'
export type { MoveIn, MoveInResult } from './move-in.js'
export { sqlIdentityMap } from './sql-identity-map.js'
export type { Side, Situation, Step } from './steps.js'
export type { LinkByVerifiedEmail, LinkCandidate } from './verified-email.js'
