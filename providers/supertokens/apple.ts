/**
 * Where Apple's answer goes on to: an address in its `state`, which anybody can write and post.
 *
 * The SDK sends the browser to it, whatever it is (`supertokens-node` 24.0.3, recipe/thirdparty/api,
 * read 2026-11-23). A native app's scheme is not taken either: any app can claim it, and `intent:`
 * has a fallback on the web. Apps send their native ones on by an override of that endpoint, told by
 * other members of the state, and those are left to it.
 */

import { isRecord } from '../../src/schema-problems.js'

/** What is to become of an answer with this `state`. */
export type Destination =
  /** It names an address of the app. */
  | 'own'
  /** It names another one. */
  | 'foreign'
  /** It names none, so that only an override of the app's can make something of it. */
  | 'none'

/** @param origins Those of the app; every other address is foreign, and every other scheme. */
export function readDestination(state: unknown, origins: readonly string[]): Destination {
  const value = decode(state)
  if (!isRecord(value) || value.frontendRedirectURI === undefined) return 'none'
  const { frontendRedirectURI: address } = value
  const isOwn =
    typeof address === 'string' &&
    URL.canParse(address) &&
    origins.includes(new URL(address).origin) &&
    /^https?:/.test(new URL(address).protocol)
  return isOwn ? 'own' : 'foreign'
}

/** As the SDK reads it, which takes more for base64 than `atob` does. */
function decode(state: unknown): unknown {
  try {
    return JSON.parse(Buffer.from(state as string, 'base64').toString())
  } catch {
    return null
  }
}
