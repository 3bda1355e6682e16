import { type AuthFunctions, createAuth } from '../../src/auth.js'
import type { AuthError } from '../../src/errors.js'
import type { AuthOptions } from '../../src/options.js'
import {
  createTestKey,
  type MemoryProvider,
  memoryProvider,
  type TestCredentials,
} from '../../src/testing/index.js'
import { type Clock, frozenClock } from './core-clock.js'

const key = await createTestKey()

export const ORIGIN = 'http://localhost'

export interface MemoryAuth extends Clock {
  readonly auth: AuthFunctions
  readonly provider: MemoryProvider
  /** What the operator was told. */
  readonly errors: readonly AuthError[]
  /** Somebody's credentials. */
  signIn(session?: Partial<Parameters<MemoryProvider['signedIn']>[0]>): Promise<TestCredentials>
}

/** `createAuth` over the memory provider, with a frozen clock. */
export function memoryAuth(options: Partial<AuthOptions> = {}): MemoryAuth {
  const clock = frozenClock()
  const provider = memoryProvider({ now: clock.now, key, origin: ORIGIN })
  const errors: AuthError[] = []
  const auth = createAuth({
    providers: { memory: () => provider },
    origins: [ORIGIN],
    now: clock.now,
    onError: (error) => errors.push(error),
    ...options,
  })
  const signIn: MemoryAuth['signIn'] = (session) =>
    provider.signedIn({ userId: 'user-1', sessionId: 'session-1', ...session })
  return { ...clock, auth, provider, errors, signIn }
}

/** What a browser says when a person opens a page. */
export const NAVIGATION = {
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
  'sec-fetch-site': 'none',
  accept: 'text/html',
} as const
