/**
 * Signs the sessions of bench/growth.mjs in a process of its own, so that none of it is measured.
 *
 * The first message says when the day begins and which key Clerk's instance has; each further one asks
 * for sessions by the times at which they begin, in milliseconds since the epoch.
 */

import { createTestKey } from 'authmux/testing'
import { createClerkTestInstance } from 'authmux/testing/clerk'
import { createSuperTokensTestCore } from 'authmux/testing/supertokens'
import { ORIGIN } from '../verdicts.mjs'

let time = 0
const now = () => time
const key = await createTestKey('s-bench')
const instance = await createClerkTestInstance({ origin: ORIGIN, isProduction: true, now, key })
const core = await createSuperTokensTestCore({
  issuer: `${ORIGIN}/api/auth`,
  isStatic: true,
  now,
  key,
})

/** Every other session is Clerk's. */
function signIn(index) {
  const userId = `user_${index}`
  return index % 2 === 0 ? instance.signedIn({ userId }) : core.signedIn({ userId, role: 'member' })
}

process.on('message', async ({ first, times }) => {
  // All of them are begun, each at its time, before any is waited for.
  const begun = times.map((at, offset) => {
    time = at
    return signIn(first + offset)
  })
  const sessions = await Promise.all(begun)
  process.send(sessions.map(({ token, cookie }) => ({ token, cookie })))
})
process.send({ environment: instance.environment, jwks: core.jwks })
