/** The Backend API: what servers may ask, showing the secret key. */

import type { Call, ClerkEndpoint } from '../call.js'
import { ClerkProblem } from '../problem.js'
import { clientEndpoints } from './clients.js'
import { emailAddressEndpoints } from './email-addresses.js'
import { instanceEndpoints } from './instance.js'
import { invitationEndpoints } from './invitations.js'
import { jwtTemplateEndpoints } from './jwt-templates.js'
import { listEndpoints } from './lists.js'
import { membershipEndpoints } from './memberships.js'
import { organizationDomainEndpoints } from './organization-domains.js'
import { organizationInvitationEndpoints } from './organization-invitations.js'
import { organizationEndpoints } from './organizations.js'
import { phoneNumberEndpoints } from './phone-numbers.js'
import { roleEndpoints } from './roles.js'
import { sessionEndpoints } from './sessions.js'
import { ticketEndpoints } from './tickets.js'
import { userAccessEndpoints } from './user-access.js'
import { userFactorEndpoints } from './user-factors.js'
import { userEndpoints } from './users.js'
import { waitlistEndpoints } from './waitlist.js'

export const backendEndpoints: readonly ClerkEndpoint[] = [
  ...instanceEndpoints,
  ...userEndpoints,
  ...userAccessEndpoints,
  ...userFactorEndpoints,
  ...emailAddressEndpoints,
  ...phoneNumberEndpoints,
  ...sessionEndpoints,
  ...jwtTemplateEndpoints,
  ...ticketEndpoints,
  ...organizationEndpoints,
  ...membershipEndpoints,
  ...invitationEndpoints,
  ...organizationInvitationEndpoints,
  ...organizationDomainEndpoints,
  ...roleEndpoints,
  ...clientEndpoints,
  ...listEndpoints,
  ...waitlistEndpoints,
]

const SCHEME = 'Bearer '

/** Whether a request shows a key, as servers do and browsers do not. */
export function showsKey(request: Request): boolean {
  return request.headers.get('authorization')?.startsWith(SCHEME) ?? false
}

/** @throws {ClerkProblem} unless the call shows the instance's secret key. */
export function requireKey({ request, state }: Call): void {
  if (!showsKey(request)) {
    throw new ClerkProblem({
      code: 'authorization_header_format_invalid',
      message: 'Invalid Authorization header format',
      longMessage: 'Invalid Authorization header format. Must be "Bearer <YOUR_API_KEY>"',
    })
  }
  if (request.headers.get('authorization') !== SCHEME + state.settings.secretKey) {
    throw new ClerkProblem({
      code: 'clerk_key_invalid',
      message: 'The provided Clerk Secret Key is invalid.',
      longMessage:
        'The provided Clerk Secret Key is invalid. Make sure that your Clerk Secret Key is correct.',
    })
  }
}
