/**
 * The same verdicts in an edge runtime, against WebCrypto's raw verify in the same runtime.
 *
 * `supertokens-node` does not claim to run on the edge, so only Clerk's own verdict stands beside ours.
 */

import { EdgeVM } from '@edge-runtime/vm'
import { createTestKey } from 'authmux/testing'
import { createClerkTestInstance } from 'authmux/testing/clerk'
import { createSuperTokensTestCore } from 'authmux/testing/supertokens'
import { build } from 'esbuild'
import { FEW_CALLS, measure } from './measure.mjs'
import { createSessions, isIn, ORIGIN, ourContenders, TURNS } from './verdicts.mjs'

const inside = await loadInside()
const json = (value) => JSON.stringify(value)
/** Values go in as text: an object of this runtime would not be a plain one over there. */
const enter = (name, ...given) => inside(`exported.${name}(${given.map(json).join(',')})`)

const clerk = await createClerkTestInstance({ origin: ORIGIN, isProduction: true })
const { environment } = clerk
const clerkVerdicts = enter('clerkVerdicts', ORIGIN, {
  publishableKey: environment.NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY,
  secretKey: environment.CLERK_SECRET_KEY,
  jwtKey: environment.CLERK_JWT_KEY,
  authorizedParties: [ORIGIN],
})
const key = await createTestKey('s-bench')
const core = await createSuperTokensTestCore({ issuer: `${ORIGIN}/api/auth`, isStatic: true, key })
const appInfo = {
  appName: 'bench',
  apiDomain: ORIGIN,
  websiteDomain: ORIGIN,
  apiBasePath: '/api/auth',
}
const superTokensVerdicts = enter('superTokensVerdicts', ORIGIN, appInfo, json(core.jwks))

/** A call in there takes ten times as long as outside. */
const EDGE_TURNS = Math.ceil(TURNS / 5)

/** Requests of Node's `http` are not found there. */
const isOnEdge = ({ name }) => !name.endsWith('Node')

async function figuresOf(getAuth, signIn, jwk, peers = () => []) {
  const known = await signIn(-1)
  const unseen = await createSessions(signIn, EDGE_TURNS)
  const raw = await enter('rawVerify', jwk, known.token)
  const contenders = [
    { name: 'raw verify', input: () => undefined, call: raw },
    ...ourContenders(getAuth, known, unseen, inside('exported.newRequest')).filter(isOnEdge),
    ...peers(known),
  ]
  return measure(
    contenders.map((contender) => ({ ...contender, callsPerTurn: FEW_CALLS })),
    EDGE_TURNS,
  )
}

const signIntoClerk = (index) =>
  clerk.signedIn({
    userId: `user_${index}`,
    expiresInSeconds: 3600,
    claims: { jti: 'a'.repeat(20) },
  })
const figures = {
  clerk: await figuresOf(clerkVerdicts.getAuth, signIntoClerk, clerk.jwks.keys[0], (known) => [
    {
      name: "Clerk's authenticateRequest, cookie",
      input: () => enter('newRequest', ORIGIN, { cookie: known.cookie }),
      call: clerkVerdicts.authenticateRequest,
      check: isIn,
    },
  ]),
  supertokens: await figuresOf(
    superTokensVerdicts.getAuth,
    (index) => core.signedIn({ userId: `user-${index}`, role: 'member' }),
    core.jwks.keys[0],
  ),
}
console.log(JSON.stringify(figures))

/** The code of edge/inside.mjs in an edge runtime, bundled the way edge builds are. */
async function loadInside() {
  const { outputFiles } = await build({
    entryPoints: [new URL('edge/inside.mjs', import.meta.url).pathname],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'exported',
    platform: 'browser',
    conditions: ['edge-light', 'worker'],
    target: 'es2023',
    external: ['supertokens-node'],
    logLevel: 'error',
  })
  const runtime = new EdgeVM()
  runtime.evaluate(outputFiles[0].text)
  return (code) => runtime.evaluate(code)
}
