/**
 * What the SDK's endpoints take for granted of a request's body, held against it before they see it.
 *
 * The table names only what they use without a look at its type (`supertokens-node` 24.0.3,
 * recipe/…/api, read 2026-11-23): what they check themselves they also answer themselves, and what
 * they do not know may be the app's own. A code as a number is one the core reads.
 */

import { isRecord } from '../../src/schema-problems.js'

type Check = (value: unknown) => boolean

const isText: Check = (value) => typeof value === 'string'
const isTextOrNothing: Check = (value) => isText(value ?? '')

/** What Apple tells of a user: an object, or the text of one. */
const isAppleUser: Check = (value) =>
  value === undefined || (isText(value) ? isJson(value as string) : isRecord(value))

const isRedirectInfo: Check = (value) =>
  isRecord(value) &&
  isText(value.redirectURIOnProviderDashboard) &&
  isTextOrNothing(value.pkceCodeVerifier) &&
  isRecord(value.redirectURIQueryParams) &&
  isTextOrNothing(value.redirectURIQueryParams.code) &&
  isAppleUser(value.redirectURIQueryParams.user)

const areTokens: Check = (value) =>
  isRecord(value) &&
  isTextOrNothing(value.access_token) &&
  isTextOrNothing(value.id_token) &&
  isAppleUser(value.user)

const checks: Readonly<Record<string, Check>> = {
  ...Object.fromEntries(
    [
      // Passwordless, ThirdParty, WebAuthn
      ...['email', 'phoneNumber', 'deviceId', 'preAuthSessionId', 'linkCode', 'clientType'],
      ...['webauthnGeneratedOptionsId', 'recoverAccountToken', 'token'],
      // OAuth2Provider
      ...['client_id', 'client_secret', 'id_token_hint', 'logoutChallenge'],
      ...['post_logout_redirect_uri', 'scope', 'state'],
    ].map((name) => [name, isText]),
  ),
  userInputCode: (value) => isText(value) || typeof value === 'number',
  redirectURIInfo: isRedirectInfo,
  oAuthTokens: areTokens,
}

/**
 * A body as JSON, for the SDK.
 * @throws {TypeError} unless it is an object whose members are what the SDK takes them for; another
 * error when it is no JSON.
 */
export async function readJson(body: Response): Promise<object> {
  const value: unknown = await body.json()
  // The SDK takes a list for an object, and finds nothing in it.
  if (typeof value !== 'object' || value === null) throw new TypeError('The body is no object')
  for (const [name, isRight] of Object.entries(checks)) {
    const member = (value as Readonly<Record<string, unknown>>)[name]
    if (member !== undefined && !isRight(member)) throw new TypeError(`${name} is of another type`)
  }
  return value
}

/**
 * A body as a form, for the SDK; of several values of one name, the last.
 * @throws {TypeError} when there is a file among them; another error when it is no form.
 */
export async function readForm(body: Response): Promise<Readonly<Record<string, string>>> {
  const fields = [...(await body.formData()).entries()]
  if (!fields.every(([, value]) => isText(value))) throw new TypeError('The form holds a file')
  return Object.fromEntries(fields) as Readonly<Record<string, string>>
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
