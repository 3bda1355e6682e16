/**
 * `npm start`: the example on throw-away keys, without an account and without a network.
 *
 * Builds what has changed, starts a stand-in of the vendor named by AUTH_PROVIDER, signs a few users
 * in there, starts the built example, and prints what to try.
 */

import { buildExample, buildPackages, serveExample } from './examples.mjs'

const { AUTH_PROVIDER = 'supertokens', PORT = '3000' } = process.env
const origin = `http://localhost:${PORT}`

buildPackages()
buildExample('nextjs')

const { vendors } = await import('./stand-ins.mjs')
const startVendor = vendors[AUTH_PROVIDER]
if (!startVendor) {
  console.error(`AUTH_PROVIDER is ${AUTH_PROVIDER}. Use one of: ${Object.keys(vendors).join(', ')}`)
  process.exit(1)
}
const { environment, inspectorUrl, tokens, stop } = await startVendor(origin)

const bearer = (token) => `-H 'Authorization: Bearer ${token}'`

function printHints() {
  console.log(`
# a fresh session: 200 and the normalised object
curl -i ${origin}/api/me ${bearer(tokens.member)}

# an expired session: 401 token_expired
curl -i ${origin}/api/me ${bearer(tokens.expired)}

# no session: 401 unauthenticated
curl -i ${origin}/api/me

# the wrong role: 403 forbidden
curl -i ${origin}/api/admin ${bearer(tokens.member)}

# the right role: 200
curl -i ${origin}/api/admin ${bearer(tokens.admin)}

# the same in the Pages Router
curl -i ${origin}/api/pages/me ${bearer(tokens.member)}

The example runs on ${AUTH_PROVIDER}, on throw-away keys. Try the lines above, or open

  ${origin}              to sign up, and to call the routes
  ${inspectorUrl}  to look into the stand-in, and to give roles
`)
}

serveExample(
  'nextjs',
  { AUTH_PROVIDER, APP_ORIGIN: origin, ...environment },
  { onReady: printHints, stop },
)
