/** Verification of e-mail addresses. */

import { z } from 'zod'
import type { CoreContext } from '../context.js'
import { addEmailToken, consumeEmailToken, removeEmailTokens } from '../email-token.js'
import { type CoreEndpoint, get, perTenant, post } from '../endpoint.js'
import { email } from '../fields.js'
import type { EmailToken } from '../store.js'

const TOKEN_LIFE_MS = 86_400_000

const address = z.object({ userId: z.string(), email })
type Address = z.output<typeof address>

const proof = z.object({
  method: z.string().refine((method) => method === 'token', {
    error: 'Unsupported method for email verification',
  }),
  token: z.string(),
})

export const emailVerificationEndpoints: readonly CoreEndpoint[] = [
  post('/recipe/user/email/verify/token', address, createToken, perTenant),
  post('/recipe/user/email/verify/token/remove', address, removeTokens, perTenant),
  post('/recipe/user/email/verify', proof, verify, perTenant),
  get(
    '/recipe/user/email/verify',
    z.object({ userId: z.string(), email: z.string() }),
    (input, core) => ({
      status: 'OK',
      isVerified: isVerified(core, input),
    }),
  ),
  post('/recipe/user/email/verify/remove', address, unverify),
]

function createToken(input: Address, core: CoreContext): object {
  if (isVerified(core, input)) return { status: 'EMAIL_ALREADY_VERIFIED_ERROR' }
  const tokens = core.store.verificationTokens
  return { status: 'OK', token: addEmailToken(tokens, input, core.clock.now(), TOKEN_LIFE_MS) }
}

function removeTokens(input: Address, core: CoreContext): object {
  removeEmailTokens(core.store.verificationTokens, (token) => isSameAddress(token, input))
  return { status: 'OK' }
}

function verify({ token }: z.output<typeof proof>, core: CoreContext): object {
  const { verificationTokens, verifiedEmails } = core.store
  const content = consumeEmailToken(verificationTokens, token, core.clock.now(), isSameAddress)
  if (!content) return { status: 'EMAIL_VERIFICATION_INVALID_TOKEN_ERROR' }
  const { userId } = content
  verifiedEmails.set(userId, new Set(verifiedEmails.get(userId)).add(content.email))
  return { status: 'OK', userId, email: content.email }
}

function unverify(input: Address, core: CoreContext): object {
  core.store.verifiedEmails.get(input.userId)?.delete(input.email)
  return { status: 'OK' }
}

function isVerified(core: CoreContext, input: Address): boolean {
  return core.store.verifiedEmails.get(input.userId)?.has(input.email) === true
}

function isSameAddress(one: Address | EmailToken, other: Address | EmailToken): boolean {
  return one.userId === other.userId && one.email === other.email
}
