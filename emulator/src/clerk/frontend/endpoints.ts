/** The Frontend API: what ClerkJS asks on behalf of a browser. */

import type { ClerkEndpoint } from '../call.js'
import { clientEndpoints } from './client.js'
import { emailAddressEndpoints } from './email-addresses.js'
import { handshakeEndpoints } from './handshake.js'
import { instanceEndpoints } from './instance.js'
import { meEndpoints } from './me.js'
import { organizationInvitationEndpoints } from './organization-invitations.js'
import { organizationMemberEndpoints } from './organization-members.js'
import { organizationEndpoints } from './organizations.js'
import { phoneNumberEndpoints } from './phone-numbers.js'
import { scriptEndpoints } from './scripts.js'
import { secondFactorEndpoints } from './second-factors.js'
import { sessionVerificationEndpoints } from './session-verifications.js'
import { signInEndpoints } from './sign-ins.js'
import { signUpEndpoints } from './sign-ups.js'
import { ticketEndpoints } from './tickets.js'

export const frontendEndpoints: readonly ClerkEndpoint[] = [
  ...instanceEndpoints,
  ...scriptEndpoints,
  ...clientEndpoints,
  ...handshakeEndpoints,
  ...signInEndpoints,
  ...signUpEndpoints,
  ...ticketEndpoints,
  ...meEndpoints,
  ...emailAddressEndpoints,
  ...phoneNumberEndpoints,
  ...secondFactorEndpoints,
  ...sessionVerificationEndpoints,
  ...organizationEndpoints,
  ...organizationMemberEndpoints,
  ...organizationInvitationEndpoints,
]
