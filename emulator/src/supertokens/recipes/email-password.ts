/** Sign-in with e-mail address and password. */

import { z } from 'zod'
import { Refusal } from '../answer.js'
import type { CoreContext } from '../context.js'
import { addEmailToken, consumeEmailToken } from '../email-token.js'
import { type CoreEndpoint, get, perTenant, post, put } from '../endpoint.js'
import { email } from '../fields.js'
import { hashPassword, hashProblem, isPasswordOf, toHashingAlgorithm } from '../passwords.js'
import type { User } from '../store.js'
import { findUser, toExternalId } from '../users/ids.js'
import { addUser, findByLogin, markActive, toUserJson } from '../users/user.js'

const RESET_TOKEN_LIFE_MS = 3_600_000

const credentials = z.object({ email, password: z.string() })

const newCredentials = z.object({
  email,
  password: z.string().min(1, 'Password cannot be an empty string'),
})

const update = z
  .object({ recipeUserId: z.string(), email: email.optional(), password: z.string().optional() })
  .refine((input) => input.email !== undefined || input.password !== undefined, {
    error: 'You have to provide either email or password.',
  })

const hashImport = z.object({
  email,
  passwordHash: z.string().trim().min(1, 'Password hash cannot be an empty string'),
  hashingAlgorithm: z
    .string()
    .trim()
    .min(1, 'Hashing Algorithm cannot be an empty string')
    .transform(toHashingAlgorithm)
    .refine((algorithm) => algorithm !== null, { error: 'Unsupported password hashing algorithm' })
    .optional(),
})

export const emailPasswordEndpoints: readonly CoreEndpoint[] = [
  post('/recipe/signup', newCredentials, signUp, perTenant),
  post('/recipe/signin', credentials, signIn, perTenant),
  get('/recipe/user', z.object({ userId: z.string().optional(), email: email.optional() }), find),
  put('/recipe/user', update, change),
  post(
    '/recipe/user/password/reset/token',
    z.object({ userId: z.string(), email: z.string() }),
    createResetToken,
    perTenant,
  ),
  post(
    '/recipe/user/password/reset/token/consume',
    z.object({ token: z.string() }),
    consumeResetToken,
    perTenant,
  ),
  post('/recipe/user/passwordhash/import', hashImport, importHash, perTenant),
]

async function signUp(input: z.output<typeof newCredentials>, core: CoreContext): Promise<object> {
  const passwordHash = await hashPassword(input.password, core.settings.bcryptRounds)
  if (findByEmail(core, input.email)) return { status: 'EMAIL_ALREADY_EXISTS_ERROR' }
  return signedIn(core, addUser(core, 'emailpassword', { email: input.email, passwordHash }))
}

async function signIn(input: z.output<typeof credentials>, core: CoreContext): Promise<object> {
  const user = findByEmail(core, input.email)
  const isRight = await isPasswordOf(input.password, user?.passwordHash ?? '')
  return user && isRight ? signedIn(core, user) : { status: 'WRONG_CREDENTIALS_ERROR' }
}

function signedIn(core: CoreContext, user: User): object {
  markActive(core, user.id)
  const recipeUserId = toExternalId(core.store, user.id)
  return { status: 'OK', user: toUserJson(core.store, user), recipeUserId }
}

function find(
  input: { userId?: string | undefined; email?: string | undefined },
  core: CoreContext,
) {
  const { userId } = input
  const isBoth = userId !== undefined && input.email !== undefined
  if (isBoth) throw new Refusal(400, 'Please provide only one of userId or email')
  if (userId === undefined && input.email === undefined) {
    throw new Refusal(400, 'Please provide one of userId or email')
  }
  const user = userId === undefined ? findByEmail(core, input.email) : findOwn(core, userId)
  if (user) return { status: 'OK', user: toUserJson(core.store, user) }
  return { status: userId === undefined ? 'UNKNOWN_EMAIL_ERROR' : 'UNKNOWN_USER_ID_ERROR' }
}

async function change(input: z.output<typeof update>, core: CoreContext): Promise<object> {
  const { password } = input
  const hash =
    password === undefined ? null : await hashPassword(password, core.settings.bcryptRounds)
  const user = findOwn(core, input.recipeUserId)
  if (!user) return { status: 'UNKNOWN_USER_ID_ERROR' }
  const holder = input.email === undefined ? undefined : findByEmail(core, input.email)
  if (holder && holder !== user) return { status: 'EMAIL_ALREADY_EXISTS_ERROR' }
  user.email = input.email ?? user.email
  user.passwordHash = hash ?? user.passwordHash
  return { status: 'OK' }
}

function createResetToken(input: { userId: string; email: string }, core: CoreContext): object {
  const user = findUser(core.store, input.userId)
  if (!user) return { status: 'UNKNOWN_USER_ID_ERROR' }
  const content = { userId: user.id, email: input.email }
  const tokens = core.store.passwordResetTokens
  return {
    status: 'OK',
    token: addEmailToken(tokens, content, core.clock.now(), RESET_TOKEN_LIFE_MS),
  }
}

function consumeResetToken({ token }: { token: string }, core: CoreContext): object {
  const tokens = core.store.passwordResetTokens
  const isOfUser = (one: { userId: string }, other: { userId: string }) =>
    one.userId === other.userId
  const content = consumeEmailToken(tokens, token, core.clock.now(), isOfUser)
  if (!content) return { status: 'RESET_PASSWORD_INVALID_TOKEN_ERROR' }
  return { status: 'OK', userId: toExternalId(core.store, content.userId), email: content.email }
}

/** For a user there is already, this replaces the hash. */
function importHash(input: z.output<typeof hashImport>, core: CoreContext): object {
  const { passwordHash, hashingAlgorithm } = input
  const problem = hashProblem(passwordHash, hashingAlgorithm ?? undefined)
  if (problem !== null) throw new Refusal(400, problem)
  const known = findByEmail(core, input.email)
  const user = known ?? addUser(core, 'emailpassword', { email: input.email })
  user.passwordHash = passwordHash
  return {
    status: 'OK',
    user: toUserJson(core.store, user),
    didUserAlreadyExist: known !== undefined,
  }
}

function findByEmail(core: CoreContext, address: string | undefined): User | undefined {
  return findByLogin(core.store, 'emailpassword', { email: address })
}

function findOwn(core: CoreContext, userId: string): User | undefined {
  const user = findUser(core.store, userId)
  return user?.recipeId === 'emailpassword' ? user : undefined
}
