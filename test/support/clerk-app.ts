/** An app in front of a Clerk instance that exists in tests only. */

import { createHash } from 'node:crypto'
import { type ClerkOptions, clerk } from '../../providers/clerk/index.js'
import { type ClerkTestInstance, createClerkTestInstance } from '../../providers/clerk/testing.js'
import { type AuthFunctions, createAuth } from '../../src/auth.js'
import { type AuthError, isAuthError } from '../../src/errors.js'
import type { AuthOptions } from '../../src/options.js'
import { createTestKey, type TestKey } from '../../src/testing/key.js'

/** Origin of the app in these tests. */
export const ORIGIN = 'https://app.example.com'

/** The moment at which these tests take place, in milliseconds since the epoch. */
export const NOW: number = Date.UTC(2026, 10, 21, 12)

/** The same in seconds, as token times are. */
export const NOW_SECONDS: number = NOW / 1000

let sharedKey: Promise<TestKey> | undefined

/** The key of every instance; made once, as that takes a moment. */
export function testKey(): Promise<TestKey> {
  sharedKey ??= createTestKey('ins_authmux_test')
  return sharedKey
}

/** A development or production instance whose tokens are issued to {@link ORIGIN}. */
export async function createInstance(isProduction: boolean): Promise<ClerkTestInstance> {
  return createClerkTestInstance({
    isProduction,
    origin: ORIGIN,
    // Looked up on every call: a test may replace the clock after this.
    now: () => Date.now(),
    key: await testKey(),
  })
}

/** The instance's settings as options, so that no test depends on the environment. */
export function optionsOf({ environment }: ClerkTestInstance): ClerkOptions {
  const {
    NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: publishableKey,
    CLERK_SECRET_KEY: secretKey,
    CLERK_JWT_KEY: jwtKey,
  } = environment
  return {
    ...(publishableKey && { publishableKey }),
    ...(secretKey && { secretKey }),
    ...(jwtKey && { jwtKey }),
  }
}

/** Options without the pinned key, so that keys come from the Backend API. */
export function remoteOptionsOf(instance: ClerkTestInstance): ClerkOptions {
  const { jwtKey: _, ...options } = optionsOf(instance)
  return options
}

/** The app's functions over a Clerk provider with these options. */
export function createApp(
  options: ClerkOptions,
  overrides: Partial<AuthOptions> = {},
): AuthFunctions {
  return createAuth({
    providers: { clerk: () => clerk(options) },
    origins: [ORIGIN],
    signInPath: '/sign-in',
    onError: () => undefined,
    // A function of its own keeps every app's keys and verdicts to itself.
    now: () => Date.now(),
    ...overrides,
  })
}

/** The eight characters Clerk hangs on the cookies of an instance. */
export function suffixOf(publishableKey: string): string {
  return createHash('sha1').update(publishableKey).digest('base64url').slice(0, 8)
}

/** The error a call ends with; fails the test when there is none of ours. */
export async function errorOf(call: () => unknown): Promise<AuthError> {
  try {
    await call()
  } catch (error) {
    if (isAuthError(error)) return error
    throw new Error('Something other than an AuthError was thrown', { cause: error })
  }
  throw new Error('Nothing was thrown')
}
