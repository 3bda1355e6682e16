/**
 * `npm run start:migration`: a whole move on throw-away keys, without an account and without a network.
 *
 * Builds what has changed, starts stand-ins of both vendors with the same people at each, starts the
 * built example, and says where to look. MIGRATE_FROM chooses the direction; `--build` only builds.
 */

import { buildExample, buildPackages, serveExample } from './examples.mjs'

const { MIGRATE_FROM: from = 'supertokens', PORT = '3000' } = process.env
if (from !== 'supertokens' && from !== 'clerk') {
  console.error(`MIGRATE_FROM is ${from}. Use one of: supertokens, clerk`)
  process.exit(1)
}
const origin = `http://localhost:${PORT}`

buildPackages()
buildExample('migration', 'nextjs')
if (process.argv.includes('--build')) process.exit()

const { startBothVendors } = await import('./both-vendors.mjs')
const { environment, stop } = await startBothVendors(from)

serveExample(
  'migration',
  { APP_ORIGIN: origin, ...environment },
  {
    stop,
    onReady: () =>
      console.log(`
The move starts at ${from}, on throw-away keys. Open

  ${origin}              to sign in, and to go through the steps
  ${environment.SUPERTOKENS_INSPECTOR_URL}  to look into the stand-in of SuperTokens
  ${environment.CLERK_INSPECTOR_URL}  to look into the stand-in of Clerk
`),
  },
)
