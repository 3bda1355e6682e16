import { beforeAll, expect, it } from 'vitest'
import { createSuperTokensCore, type SuperTokensCore } from '../../src/supertokens/core.js'
import { send } from './support/caller.js'

let core: SuperTokensCore

beforeAll(async () => {
  core = await createSuperTokensCore()
})

const invalid = (field: string) => `Field name '${field}' is invalid in JSON input`
const missing = (field: string) => `Field name '${field}' is missing in GET request`
const empty = (field: string) => `Field name '${field}' cannot be an empty String`

const session = { userId: 'u', enableAntiCsrf: false, userDataInJWT: {}, userDataInDatabase: {} }
const types = "Field name 'userIdType' should be one of 'SUPERTOKENS', 'EXTERNAL' or 'ANY'"
const oneCode = 'Please provide exactly one of linkCode or deviceId+userInputCode'
const oneContact = 'Please provide exactly one of email, phoneNumber or deviceId'
const oneRemoval = 'Invalid JSON input - use one of userId or sessionHandles array'

it.each<[method: string, path: string, input: object, text: string]>([
  ['POST', '/recipe/signup', {}, invalid('email')],
  ['POST', '/recipe/signup', { email: 5, password: 'x' }, invalid('email')],
  ['POST', '/recipe/signup', { email: null, password: 'x' }, invalid('email')],
  ['POST', '/recipe/signup', { email: 'a' }, invalid('password')],
  ['POST', '/recipe/signup', { email: 'a', password: '' }, 'Password cannot be an empty string'],
  ['POST', '/recipe/signup', { email: 5, password: '' }, invalid('email')],
  ['POST', '/recipe/signin', { email: 'a' }, invalid('password')],
  ['PUT', '/recipe/user', {}, invalid('recipeUserId')],
  ['PUT', '/recipe/user', { recipeUserId: 'u' }, 'You have to provide either email or password.'],
  ['POST', '/recipe/user/password/reset/token', { userId: 'u' }, invalid('email')],
  ['POST', '/recipe/user/password/reset/token/consume', {}, invalid('token')],
  ['POST', '/recipe/user/passwordhash/import', { email: 'a' }, invalid('passwordHash')],
  [
    'POST',
    '/recipe/user/passwordhash/import',
    { email: 'a', passwordHash: ' ' },
    'Password hash cannot be an empty string',
  ],
  [
    'POST',
    '/recipe/user/passwordhash/import',
    { email: 'a', passwordHash: 'x', hashingAlgorithm: '' },
    'Hashing Algorithm cannot be an empty string',
  ],
  [
    'POST',
    '/recipe/user/passwordhash/import',
    { email: 'a', passwordHash: 'x', hashingAlgorithm: 'MD5' },
    'Unsupported password hashing algorithm',
  ],
  ['GET', '/recipe/user', {}, 'Please provide one of userId or email'],
  [
    'GET',
    '/recipe/user',
    { userId: 'u', email: 'a' },
    'Please provide only one of userId or email',
  ],

  ['POST', '/recipe/session', { ...session, userId: 1 }, invalid('userId')],
  ['POST', '/recipe/session', { ...session, enableAntiCsrf: 'false' }, invalid('enableAntiCsrf')],
  ['POST', '/recipe/session', { ...session, userDataInJWT: [] }, invalid('userDataInJWT')],
  ['POST', '/recipe/session', { ...session, userDataInJWT: null }, invalid('userDataInJWT')],
  [
    'POST',
    '/recipe/session',
    { ...session, userDataInDatabase: 'x' },
    invalid('userDataInDatabase'),
  ],
  [
    'POST',
    '/recipe/session',
    { ...session, useDynamicSigningKey: null },
    invalid('useDynamicSigningKey'),
  ],
  ['POST', '/recipe/session/refresh', { enableAntiCsrf: false }, invalid('refreshToken')],
  ['POST', '/recipe/session/refresh', { refreshToken: 'x' }, invalid('enableAntiCsrf')],
  [
    'POST',
    '/recipe/session/refresh',
    { refreshToken: 'x', enableAntiCsrf: false },
    invalid('useDynamicSigningKey'),
  ],
  ['POST', '/recipe/session/verify', { accessToken: 'x' }, invalid('doAntiCsrfCheck')],
  [
    'POST',
    '/recipe/session/verify',
    { accessToken: 'x', doAntiCsrfCheck: true, enableAntiCsrf: true },
    invalid('checkDatabase'),
  ],
  ['POST', '/recipe/session/regenerate', { userDataInJWT: {} }, invalid('accessToken')],
  [
    'POST',
    '/recipe/session/regenerate',
    { accessToken: 'x', userDataInJWT: 1 },
    invalid('userDataInJWT'),
  ],
  ['POST', '/recipe/session/remove', {}, oneRemoval],
  ['POST', '/recipe/session/remove', { userId: 'u', sessionHandles: [] }, oneRemoval],
  ['POST', '/recipe/session/remove', { sessionHandles: [1] }, invalid('sessionHandles')],
  [
    'POST',
    '/recipe/session/remove',
    { sessionHandles: [], revokeAcrossAllTenants: true },
    'Invalid JSON input - revokeAcrossAllTenants can only be set if userId is set',
  ],
  ['GET', '/recipe/session', {}, missing('sessionHandle')],
  ['GET', '/recipe/session/user', {}, missing('userId')],

  ['POST', '/recipe/jwt', {}, invalid('algorithm')],
  ['POST', '/recipe/jwt', { algorithm: 'RS256', jwksDomain: 'x' }, invalid('payload')],
  [
    'POST',
    '/recipe/jwt',
    { algorithm: 'RS256', jwksDomain: 'x', payload: {}, validity: 0 },
    'validity must be greater than or equal to 0',
  ],

  ['POST', '/recipe/signinup', { thirdPartyId: 'x', thirdPartyUserId: 'y' }, invalid('email')],
  [
    'POST',
    '/recipe/signinup',
    { thirdPartyId: 'x', thirdPartyUserId: 'y', email: {} },
    invalid('id'),
  ],
  ['POST', '/recipe/signinup/code', {}, oneContact],
  ['POST', '/recipe/signinup/code', { email: 'a', phoneNumber: '+1' }, oneContact],
  [
    'POST',
    '/recipe/signinup/code',
    { email: 'a', userInputCode: '' },
    'userInputCode cannot be an empty string.',
  ],
  ['POST', '/recipe/signinup/code', { deviceId: '*' }, 'Input encoding error in deviceId'],
  ['POST', '/recipe/signinup/code/consume', { linkCode: 'x' }, invalid('preAuthSessionId')],
  ['POST', '/recipe/signinup/code/consume', { preAuthSessionId: 'x' }, oneCode],
  ['POST', '/recipe/signinup/code/consume', { preAuthSessionId: 'x', deviceId: 'y' }, oneCode],
  [
    'POST',
    '/recipe/signinup/code/consume',
    { preAuthSessionId: 'x', linkCode: 'y', deviceId: 'z' },
    oneCode,
  ],
  [
    'POST',
    '/recipe/signinup/code/consume',
    { preAuthSessionId: 'x', linkCode: '*' },
    'Input encoding error in linkCode',
  ],
  [
    'POST',
    '/recipe/signinup/code/remove',
    {},
    "Please provide either 'codeId' or 'preAuthSessionId'",
  ],
  [
    'POST',
    '/recipe/signinup/code/remove',
    { codeId: 'a', preAuthSessionId: 'b' },
    "Please provide only one of 'codeId' or 'preAuthSessionId'",
  ],
  [
    'POST',
    '/recipe/signinup/codes/remove',
    {},
    'Please provide exactly one of email or phoneNumber',
  ],
  [
    'GET',
    '/recipe/signinup/codes',
    {},
    'Please provide exactly one of email, phoneNumber, deviceId or preAuthSessionId',
  ],

  ['POST', '/recipe/user/email/verify/token', { userId: 'u' }, invalid('email')],
  [
    'POST',
    '/recipe/user/email/verify',
    { method: 'magic', token: 't' },
    'Unsupported method for email verification',
  ],
  ['GET', '/recipe/user/email/verify', { userId: 'u' }, missing('email')],

  ['GET', '/users', { includeRecipeIds: 'foo' }, 'Unknown recipe ID: foo'],
  ['GET', '/users', { includeRecipeIds: 'emailpassword, bar' }, 'Unknown recipe ID: bar'],
  ['GET', '/users', { timeJoinedOrder: 'asc' }, 'timeJoinedOrder can be either ASC OR DESC'],
  ['GET', '/users', { limit: 'x' }, "Field name 'limit' must be an int in the GET request"],
  ['GET', '/users', { limit: '1.5' }, "Field name 'limit' must be an int in the GET request"],
  ['GET', '/users', { limit: 0 }, 'limit must a positive integer with min value 1'],
  ['GET', '/users', { limit: 501 }, 'max limit allowed is 500'],
  ['GET', '/users', { paginationToken: 'bad' }, 'invalid pagination token'],
  ['GET', '/users/count', { includeRecipeIds: 'foo' }, 'Unknown recipe ID: foo'],
  ['GET', '/users/count/active', {}, missing('since')],
  [
    'GET',
    '/users/count/active',
    { since: 'x' },
    "Field name 'since' must be a long in the GET request",
  ],
  ['GET', '/users/count/active', { since: -1 }, "'since' query parameter must be >= 0"],
  ['GET', '/user/id', {}, missing('userId')],
  ['GET', '/users/by-accountinfo', {}, missing('doUnionOfAccountInfo')],
  [
    'GET',
    '/users/by-accountinfo',
    { doUnionOfAccountInfo: 'yes' },
    "'doUnionOfAccountInfo' should be either 'true' or 'false'",
  ],
  [
    'GET',
    '/users/by-accountinfo',
    { doUnionOfAccountInfo: 'true', thirdPartyId: 'x' },
    "If 'thirdPartyId' is provided, 'thirdPartyUserId' must also be provided, and vice versa",
  ],
  ['POST', '/user/remove', {}, invalid('userId')],

  ['POST', '/recipe/userid/map', { superTokensUserId: 'a' }, invalid('externalUserId')],
  [
    'POST',
    '/recipe/userid/map',
    { superTokensUserId: ' ', externalUserId: 'b' },
    empty('superTokensUserId'),
  ],
  [
    'POST',
    '/recipe/userid/map',
    { superTokensUserId: 'a', externalUserId: '' },
    empty('externalUserId'),
  ],
  [
    'POST',
    '/recipe/userid/map',
    { superTokensUserId: 'a', externalUserId: 'b', externalUserIdInfo: '' },
    empty('externalUserIdInfo'),
  ],
  ['GET', '/recipe/userid/map', {}, missing('userId')],
  ['GET', '/recipe/userid/map', { userId: 'a', userIdType: 'X' }, types],
  ['POST', '/recipe/userid/map/remove', { userId: 'a', userIdType: 'any' }, types],
  ['POST', '/recipe/userid/map/remove', { userId: 'a', force: 'yes' }, invalid('force')],
  ['PUT', '/recipe/userid/external-user-id-info', { userId: 'a' }, invalid('externalUserIdInfo')],

  ['PUT', '/recipe/user/metadata', { userId: 'a' }, invalid('metadataUpdate')],
  ['PUT', '/recipe/user/metadata', { userId: 'a', metadataUpdate: [] }, invalid('metadataUpdate')],
  ['PUT', '/recipe/role', { role: ' ' }, empty('role')],
  ['PUT', '/recipe/role', { role: 'a', permissions: 'read' }, invalid('permissions')],
  ['PUT', '/recipe/role', { role: 'a', permissions: [5] }, invalid('permissions')],
  [
    'PUT',
    '/recipe/role',
    { role: 'a', permissions: [''] },
    "Field name 'permissions' cannot contain an empty string",
  ],
  ['PUT', '/recipe/user/role', { role: 'a' }, invalid('userId')],
  ['GET', '/recipe/role/permissions', {}, missing('role')],
  ['GET', '/recipe/permission/roles', { permission: '' }, empty('permission')],

  ['GET', '/bulk-import/users', { limit: 501 }, 'Max limit allowed is 500'],
  ['GET', '/bulk-import/users', { limit: 0 }, 'limit must a positive integer with min value 1'],
  ['GET', '/bulk-import/users', { paginationToken: 'bad' }, 'invalid pagination token'],
  [
    'GET',
    '/bulk-import/users/count',
    { status: 'BAD' },
    'Invalid value for status. Pass one of NEW, PROCESSING, or FAILED!',
  ],
  ['POST', '/bulk-import/users', {}, invalid('users')],
  ['POST', '/bulk-import/users/remove', {}, invalid('ids')],
  [
    'POST',
    '/bulk-import/users/remove',
    { ids: [''] },
    "Field name 'ids' cannot contain an empty string",
  ],
  [
    'POST',
    '/bulk-import/users/remove',
    { ids: Array(501).fill('x') },
    "Field name 'ids' cannot contain more than 500 elements",
  ],

  [
    'GET',
    '/recipe/accountlinking/user/primary/check',
    { recipeUserId: 'x' },
    'Unknown user ID provided',
  ],
  ['POST', '/recipe/accountlinking/user/link', { recipeUserId: 'x' }, invalid('primaryUserId')],
  ['GET', '/recipe/totp/device/list', { userId: '' }, 'userId cannot be empty'],
])('%s %s with %j', async (method, path, input, text) => {
  expect(await send(core, method, path, input)).toMatchObject({ status: 400, text: `${text}\n` })
})
