/** `authmux-emulator`: offline stand-ins for a SuperTokens core and a Clerk instance. */

export { type Clock, createClock } from './base/clock.js'
export type { Faults } from './base/faults.js'
export { type Listener, listen } from './base/listen.js'
export type { LogEntry, RequestLog } from './base/log.js'
export type { Endpoint, StandIn } from './base/stand-in.js'
export { type ClerkInstance, createClerkInstance } from './clerk/instance.js'
export type { ClerkInstanceOptions } from './clerk/options.js'
export { createSuperTokensCore, type SuperTokensCore } from './supertokens/core.js'
export type { SuperTokensCoreOptions } from './supertokens/options.js'
