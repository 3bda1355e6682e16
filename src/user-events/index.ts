/** `authmux/user-events`: what happens to users and sessions, as one kind of event for both vendors. */

export type { SqlQuery, SqlTableOptions } from '../sql.js'
export type {
  SessionEvent,
  UserDeletedEvent,
  UserEvent,
  UserRecordEvent,
  VendorEvent,
} from './event.js'
export { sqlUserEventStore } from './sql-store.js'
export { memoryUserEventStore, type StoredHistory, type UserEventStore } from './store.js'
export {
  createUserEvents,
  type UserEventIntake,
  type UserEventSource,
  type UserEvents,
  type UserEventsOptions,
} from './user-events.js'
