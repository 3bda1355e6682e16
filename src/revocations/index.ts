/** `authmux/revocations`: a sign-out on one instance counts on all of them, without asking the vendor. */

export { type MemoryRevocationsOptions, memoryRevocations } from './memory.js'
export { type RedisRevocationsOptions, redisRevocations } from './redis.js'
export type { RedisClient } from './redis-stream.js'
export type { EndedSession, EndedUser, Revocations } from './revocations.js'
