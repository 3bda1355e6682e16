/** `authmux/testing`: doubles, throw-away keys and the conformance suite. Never in production. */

export type { CaseSession, ContractCase } from './cases.js'
export {
  describeProvider,
  type ProviderHarness,
  type ProviderUnderTest,
  type TestRunner,
} from './contract.js'
export { type NodeRequestInit, signedOut, type TestCredentials } from './credentials.js'
export { createTestKey, type TestKey } from './key.js'
export {
  type MemoryProvider,
  type MemoryProviderOptions,
  type MemorySession,
  memoryProvider,
} from './memory-provider.js'
export { createTestResponse, type TestResponse } from './node-response.js'
