/** Every call to a core that is written in SuperTokens' SDK, and what a core has besides. */

import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { type Row, toRows } from './rows.js'

const CALL =
  /send(Get|Post|Put|Delete)Request(?:WithResponseHeaders)?\(\s*(?:\{\s*path:\s*)?"([^"]+)"/g

/** As found in the files of the SDK that is installed. */
export function listSdkCalls(): Row[] {
  const build = join(
    dirname(createRequire(import.meta.url).resolve('supertokens-node')),
    'lib/build',
  )
  const files = readdirSync(build, { recursive: true, encoding: 'utf8' })
  return files
    .filter((file) => file.endsWith('.js'))
    .flatMap((file) => [...readFileSync(join(build, file), 'utf8').matchAll(CALL)])
    .map(([, method = '', path = '']) => ({
      method: method.toUpperCase(),
      path: path.replace('/<tenantId>', ''),
    }))
}

/** Of the interface in version 5.4, what the SDK has no call for, or puts together from parts. */
export const coreOnly: readonly Row[] = toRows(`
  GET /
  GET /apiversion
  GET /config
  GET,PUT,DELETE /ee/license
  GET /ee/featureflag
  GET /hello
  GET /recipe/dashboard/user/sessions
  GET,POST,PUT,DELETE /recipe/dashboard/user
  GET /recipe/dashboard/users
  GET /recipe/jwt/jwks
  POST /recipe/multitenancy/app/remove
  GET /recipe/multitenancy/app/list/v2
  PUT /recipe/multitenancy/app/v2
  POST /recipe/multitenancy/connectionuridomain/remove
  GET /recipe/multitenancy/connectionuridomain/list/v2
  PUT /recipe/multitenancy/connectionuridomain/v2
  GET /recipe/oauth/auth/requests/logout
  GET /recipe/session/user
  GET /recipe/user
  POST /recipe/user/passwordhash/import
  GET /requests/stats
  GET /users/count/active
  POST /bulk-import/import
  GET,POST /bulk-import/users
  GET /bulk-import/users/count
  POST /bulk-import/users/remove
`)
