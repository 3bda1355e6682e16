/** Verdicts on Clerk's sessions: ours, and `authenticateRequest` of `@clerk/backend`. */

import { createClerkClient } from '@clerk/backend'
import { createAuth } from 'authmux'
import { clerk } from 'authmux/providers/clerk'
import { createClerkTestInstance } from 'authmux/testing/clerk'
import { FEW_CALLS, measure } from './measure.mjs'
import { contendersOnNode, createSessions, isIn, ORIGIN, TURNS, withCookie } from './verdicts.mjs'

const instance = await createClerkTestInstance({ origin: ORIGIN, isProduction: true })
const { environment } = instance
const options = {
  publishableKey: environment.NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY,
  secretKey: environment.CLERK_SECRET_KEY,
  jwtKey: environment.CLERK_JWT_KEY,
  authorizedParties: [ORIGIN],
}
const { getAuth } = createAuth({ origins: [ORIGIN], providers: { clerk: () => clerk(options) } })
const backend = createClerkClient(options)

const signIn = (index) =>
  instance.signedIn({
    userId: `user_${index}`,
    expiresInSeconds: 3600,
    claims: { jti: 'a'.repeat(20) },
  })
const known = await signIn(-1)
const unseen = await createSessions(signIn)
const figures = await measure(
  [
    ...contendersOnNode(getAuth, known, unseen, instance.jwks.keys[0]),
    {
      name: "Clerk's authenticateRequest, cookie",
      input: () => withCookie(known),
      call: (request) => backend.authenticateRequest(request, options),
      check: isIn,
      callsPerTurn: FEW_CALLS,
    },
  ],
  TURNS,
)
console.log(JSON.stringify(figures))
