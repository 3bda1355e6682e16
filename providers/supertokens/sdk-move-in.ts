/** What the moving in of users needs of the SDK, inside the app's own recipes. */

import { createLocalJWKSet, errors, jwtVerify } from 'jose'
import { listUsersByAccountInfo } from 'supertokens-node'
import type { APIInterface } from 'supertokens-node/recipe/emailpassword'
import { createJWT, getJWKS } from 'supertokens-node/recipe/session'
import { AuthError } from '../../src/errors.js'
import { call, type SuperTokensUser } from './sdk.js'

/** The endpoints of the EmailPassword recipe. */
export type EmailPasswordApis = APIInterface

type Inputs<Name extends keyof APIInterface> = Parameters<NonNullable<APIInterface[Name]>>[0]

/** What the endpoint that sends mails with links is told. */
export type ResetRequest = Inputs<'generatePasswordResetTokenPOST'>

/** How long a link is good, in seconds: as long as the core's own. */
const LINK_SECONDS = 3600

/** Makes these tokens good for nothing else; and no session has it. */
const AUDIENCE = 'authmux:move-in'

/**
 * Sends the recipe's own mail, with a link for somebody the core does not know yet.
 * @throws {AuthError} `provider_unavailable`; what the app's mail delivery throws.
 */
export async function sendResetLink(
  { options, tenantId, userContext }: ResetRequest,
  user: { readonly userId: string; readonly address: string },
): Promise<void> {
  const { appInfo, req: request, emailDelivery } = options
  const { address: email, userId: id } = user
  const made = await call(createJWT({ aud: AUDIENCE, email }, LINK_SECONDS))
  if (made.status !== 'OK') {
    throw new AuthError('provider_unavailable', `The core did not sign: ${made.status}`)
  }
  const origin = appInfo.getOrigin({ request, userContext }).getAsStringDangerous()
  const page = `${origin}${appInfo.websiteBasePath.getAsStringDangerous()}/reset-password`
  await emailDelivery.ingredientInterfaceImpl.sendEmail({
    type: 'PASSWORD_RESET',
    user: { id, recipeUserId: undefined, email },
    passwordResetLink: `${page}?token=${made.jwt}&tenantId=${tenantId}`,
    tenantId,
    userContext,
  })
}

/**
 * The address a link was sent to.
 * @returns `null` for the core's own tokens, and for those that are none or have run out.
 * @throws {AuthError} `provider_unavailable`.
 */
export async function readResetToken(token: string): Promise<string | null> {
  if (token.split('.').length !== 3) return null
  const { keys } = await call(getJWKS())
  try {
    const { payload } = await jwtVerify(token, createLocalJWKSet({ keys }), {
      audience: AUDIENCE,
      algorithms: ['RS256'],
      requiredClaims: ['exp', 'email'],
    })
    return typeof payload.email === 'string' ? payload.email : null
  } catch (error) {
    if (error instanceof errors.JOSEError) return null
    throw error
  }
}

/** A user of the EmailPassword recipe. */
export async function findPasswordUser(
  tenantId: string,
  email: string,
): Promise<SuperTokensUser | null> {
  const users = await call(listUsersByAccountInfo(tenantId, { email: email.toLowerCase() }))
  return (
    users.find(({ loginMethods }) =>
      loginMethods.some(({ recipeId }) => recipeId === 'emailpassword'),
    ) ?? null
  )
}
