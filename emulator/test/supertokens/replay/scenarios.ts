/** What is recorded of a core without a licence; each story uses addresses of its own. */

import type { Body } from '../support/caller.js'
import type { Ask, Scenario } from './record.js'

const PASSWORD = 'correct horse 9'
const NO_DATA = { userDataInJWT: {}, userDataInDatabase: {}, enableAntiCsrf: false }
const REFRESH = { enableAntiCsrf: false, useDynamicSigningKey: true }
const VERIFY = { enableAntiCsrf: false, doAntiCsrfCheck: false, checkDatabase: true }

export const scenarios: readonly Scenario[] = [
  { name: 'service', play: service },
  { name: 'email-password', play: emailPassword },
  { name: 'email-verification', play: emailVerification },
  { name: 'password-reset', play: passwordReset },
  { name: 'session-life', play: sessionLife },
  { name: 'session-theft', play: sessionTheft },
  { name: 'roles-and-metadata', play: rolesAndMetadata },
  { name: 'user-id-mapping', play: userIdMapping },
  { name: 'passwordless', play: passwordless },
  { name: 'refusals', play: refusals },
]

async function signUp(ask: Ask, name: string): Promise<Body> {
  const { user } = await ask('POST', '/public/recipe/signup', {
    email: `${name}@example.com`,
    password: PASSWORD,
  })
  return user
}

async function service(ask: Ask): Promise<void> {
  await ask('GET', '/hello')
  await ask('GET', '/.well-known/jwks.json')
  await ask('GET', '/ee/license')
  await ask('GET', '/recipe/multitenancy/tenant/v2')
}

async function emailPassword(ask: Ask): Promise<void> {
  const user = await signUp(ask, 'ep')
  await signUp(ask, 'ep')
  const credentials = { email: ' EP@Example.com ', password: PASSWORD }
  await ask('POST', '/public/recipe/signin', credentials)
  await ask('POST', '/public/recipe/signin', { ...credentials, password: 'wrong horse' })
  await ask('POST', '/public/recipe/signin', { ...credentials, email: 'nobody@example.com' })
  await ask('GET', '/user/id', { userId: user?.id })
  await ask('PUT', '/recipe/user', { recipeUserId: user?.id, email: 'ep2@example.com' })
  await ask('GET', '/public/users/by-accountinfo', { email: 'ep2@example.com' })
  await ask('POST', '/user/remove', { userId: user?.id, removeAllLinkedAccounts: true })
  await ask('GET', '/user/id', { userId: user?.id })
}

async function emailVerification(ask: Ask): Promise<void> {
  const user = await signUp(ask, 'ev')
  const about = { userId: user?.id, email: 'ev@example.com' }
  const { token } = await ask('POST', '/public/recipe/user/email/verify/token', about)
  await ask('GET', '/recipe/user/email/verify', about)
  await ask('POST', '/public/recipe/user/email/verify', { method: 'token', token })
  await ask('POST', '/public/recipe/user/email/verify', { method: 'token', token })
  await ask('GET', '/recipe/user/email/verify', about)
  await ask('POST', '/public/recipe/user/email/verify/token', about)
  await ask('POST', '/recipe/user/email/verify/remove', about)
}

async function passwordReset(ask: Ask): Promise<void> {
  const user = await signUp(ask, 'pr')
  const path = '/public/recipe/user/password/reset/token'
  const { token } = await ask('POST', path, { userId: user?.id, email: 'pr@example.com' })
  await ask('POST', `${path}/consume`, { token })
  await ask('POST', `${path}/consume`, { token })
  await ask('POST', path, { userId: 'nobody', email: 'pr@example.com' })
}

async function sessionLife(ask: Ask): Promise<void> {
  const user = await signUp(ask, 'sl')
  const created = await ask('POST', '/public/recipe/session', {
    userId: user?.id,
    ...NO_DATA,
    userDataInJWT: { plan: 'pro', none: null },
  })
  const { handle: sessionHandle } = created.session
  await ask('POST', '/recipe/session/verify', { ...VERIFY, accessToken: created.accessToken.token })
  await ask('GET', '/recipe/session', { sessionHandle })
  const userDataInJWT = { plan: 'free' }
  await ask('PUT', '/recipe/jwt/data', { sessionHandle, userDataInJWT })
  await ask('POST', '/recipe/session/verify', { ...VERIFY, accessToken: created.accessToken.token })
  await ask('GET', '/public/recipe/session/user', { userId: user?.id })
  await ask('POST', '/public/recipe/session/remove', { sessionHandles: [sessionHandle, 'none'] })
  await ask('POST', '/recipe/session/verify', { ...VERIFY, accessToken: created.accessToken.token })
  await ask('GET', '/recipe/session', { sessionHandle })
}

async function sessionTheft(ask: Ask): Promise<void> {
  const created = await ask('POST', '/public/recipe/session', { userId: 'st', ...NO_DATA })
  const parent = { ...REFRESH, refreshToken: created.refreshToken.token }
  const child = await ask('POST', '/recipe/session/refresh', parent)
  const sibling = await ask('POST', '/recipe/session/refresh', parent)
  await ask('POST', '/recipe/session/verify', { ...VERIFY, accessToken: child.accessToken.token })
  await ask('POST', '/recipe/session/refresh', parent)
  const unused = { ...REFRESH, refreshToken: sibling.refreshToken.token }
  await ask('POST', '/recipe/session/refresh', unused)
  await ask('POST', '/recipe/session/refresh', {
    ...REFRESH,
    refreshToken: child.refreshToken.token,
  })
}

async function rolesAndMetadata(ask: Ask): Promise<void> {
  const user = await signUp(ask, 'rm')
  const userId = user?.id
  await ask('PUT', '/recipe/role', { role: 'rm-editor', permissions: ['rm:write'] })
  await ask('PUT', '/public/recipe/user/role', { userId, role: 'rm-editor' })
  await ask('PUT', '/public/recipe/user/role', { userId, role: 'rm-editor' })
  await ask('PUT', '/public/recipe/user/role', { userId, role: 'rm-unknown' })
  await ask('GET', '/public/recipe/user/roles', { userId })
  await ask('GET', '/recipe/role/permissions', { role: 'rm-editor' })
  await ask('POST', '/public/recipe/user/role/remove', { userId, role: 'rm-editor' })
  await ask('POST', '/recipe/role/remove', { role: 'rm-editor' })
  const metadataUpdate = { plan: 'pro', nested: { a: 1, b: null } }
  await ask('PUT', '/recipe/user/metadata', { userId, metadataUpdate })
  await ask('PUT', '/recipe/user/metadata', { userId, metadataUpdate: { plan: null } })
  await ask('GET', '/recipe/user/metadata', { userId })
}

async function userIdMapping(ask: Ask): Promise<void> {
  const user = await signUp(ask, 'um')
  const mapping = { superTokensUserId: user?.id, externalUserId: 'um-external' }
  await ask('POST', '/recipe/userid/map', mapping)
  await ask('POST', '/recipe/userid/map', mapping)
  await ask('GET', '/recipe/userid/map', { userId: 'um-external', userIdType: 'EXTERNAL' })
  await ask('GET', '/user/id', { userId: 'um-external' })
  await ask('POST', '/recipe/userid/map/remove', { userId: 'um-external', userIdType: 'ANY' })
  await ask('GET', '/recipe/userid/map', { userId: 'um-external', userIdType: 'ANY' })
}

async function passwordless(ask: Ask): Promise<void> {
  const path = '/public/recipe/signinup/code'
  const sent = await ask('POST', path, { email: 'pl@example.com', userInputCode: '135790' })
  const { deviceId, preAuthSessionId } = sent
  const wrong = { preAuthSessionId, deviceId, userInputCode: '000000' }
  await ask('POST', `${path}/consume`, wrong)
  await ask('POST', `${path}/consume`, { ...wrong, userInputCode: '135790' })
  await ask('POST', `${path}/consume`, { ...wrong, userInputCode: '135790' })
}

async function refusals(ask: Ask): Promise<void> {
  await ask('GET', '/nonexistent')
  await ask('GET', '/public/recipe/signin')
  await ask('POST', '/public/recipe/signup', { email: 'x@example.com' })
  await ask('POST', '/public/recipe/signup', { email: 'x@example.com', password: '' })
  await ask('POST', '/nope/recipe/signup', { email: 'x@example.com', password: PASSWORD })
  await ask('PUT', '/recipe/multitenancy/tenant/v2', { tenantId: 'second' })
}
