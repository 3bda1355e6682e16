/** The table of endpoints: all that is supported, recipe by recipe. */

import type { CoreEndpoint } from './endpoint.js'
import { bulkImportEndpoints } from './recipes/bulk-import.js'
import { emailPasswordEndpoints } from './recipes/email-password.js'
import { emailVerificationEndpoints } from './recipes/email-verification.js'
import { jwtEndpoints } from './recipes/jwt.js'
import { licensedEndpoints } from './recipes/licensed.js'
import { passwordlessEndpoints } from './recipes/passwordless.js'
import { serviceEndpoints } from './recipes/service.js'
import { sessionEndpoints } from './recipes/session.js'
import { thirdPartyEndpoints } from './recipes/third-party.js'
import { userIdMappingEndpoints } from './recipes/user-id-mapping.js'
import { userMetadataEndpoints } from './recipes/user-metadata.js'
import { userRolesEndpoints } from './recipes/user-roles.js'
import { usersEndpoints } from './recipes/users.js'

/** Of rows with the same method and path, the first answers where no `rid` tells them apart. */
export const endpoints: readonly CoreEndpoint[] = [
  ...serviceEndpoints,
  ...sessionEndpoints,
  ...jwtEndpoints,
  ...emailPasswordEndpoints,
  ...passwordlessEndpoints,
  ...thirdPartyEndpoints,
  ...emailVerificationEndpoints,
  ...usersEndpoints,
  ...userIdMappingEndpoints,
  ...userMetadataEndpoints,
  ...userRolesEndpoints,
  ...bulkImportEndpoints,
  ...licensedEndpoints,
]
