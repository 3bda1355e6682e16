/** Access tokens: RS256 JWTs whose payload mixes what a core puts in with what the app put in. */

import { verify } from 'node:crypto'
import type { SigningKey } from '../../base/signing-key.js'
import { Refusal } from '../answer.js'
import type { CoreContext } from '../context.js'
import { PUBLIC } from '../route.js'
import type { JsonObject } from '../store.js'

/** A token as handed out; times in milliseconds since the epoch. */
export interface TokenInfo {
  readonly token: string
  readonly expiry: number
  readonly createdTime: number
}

/** What an access token says. */
export interface AccessToken {
  readonly sessionHandle: string
  readonly userId: string
  /** SHA-256 of the refresh token issued along with it. */
  readonly refreshTokenHash1: string
  /** SHA-256 of the refresh token before that one; `null` once the newer one is in use. */
  readonly parentRefreshTokenHash1: string | null
  readonly antiCsrfToken: string | null
  readonly userData: JsonObject
  /** Milliseconds since the epoch, in whole seconds. */
  readonly expiry: number
}

/** Why a token is not read, in a core's words. */
export interface TokenProblem {
  readonly problem: string
}

/** Names in the payload that are a core's own. */
const claimNames = [
  'sub',
  'exp',
  'iat',
  'sessionHandle',
  'refreshTokenHash1',
  'parentRefreshTokenHash1',
  'antiCsrfToken',
  'tId',
  'rsub',
] as const

const JWT_EXCEPTION = 'io.supertokens.session.jwt.JWT$JWTException'
/** Said of tokens that lack a claim, and of those without the anti-CSRF token they need. */
export const INCOMPLETE =
  'Access token does not contain all the information. Maybe the structure has changed?'

/** @throws {Refusal} 400 when the app's part of a payload uses a core's own names. */
export function assertUserData(userData: JsonObject): void {
  if (claimNames.some((name) => Object.hasOwn(userData, name))) {
    throw new Refusal(400, 'The user payload contains protected field')
  }
}

/**
 * @param usesStaticKey Signed with the key that stays, instead of the dynamic one.
 * @param expiry Milliseconds since the epoch; default a whole validity from now.
 */
export async function issueAccessToken(
  core: CoreContext,
  content: Omit<AccessToken, 'expiry'>,
  usesStaticKey: boolean,
  expiry: number = core.clock.now() + core.settings.accessTokenValidityMs,
): Promise<TokenInfo> {
  const key = await (usesStaticKey ? core.keys.fixed() : core.keys.dynamic())
  const iat = Math.floor(core.clock.now() / 1000)
  const exp = Math.floor(expiry / 1000)
  const claims = {
    iat,
    exp,
    sub: content.userId,
    tId: PUBLIC,
    rsub: content.userId,
    sessionHandle: content.sessionHandle,
    refreshTokenHash1: content.refreshTokenHash1,
    parentRefreshTokenHash1: content.parentRefreshTokenHash1,
    antiCsrfToken: content.antiCsrfToken,
    ...content.userData,
  }
  const token = await key.sign(claims, { typ: 'JWT', version: '5' })
  return { token, expiry: exp * 1000, createdTime: iat * 1000 }
}

/** Reads a token without checking its signature. */
export function decodeAccessToken(token: string): AccessToken | TokenProblem {
  const payload = decodePart(token.split('.')[1])
  const missing = claimNames.find((name) => !Object.hasOwn(payload, name))
  if (missing !== undefined) return { problem: `${INCOMPLETE} ${missing}` }
  const own: ReadonlySet<string> = new Set(claimNames)
  return {
    sessionHandle: String(payload.sessionHandle),
    userId: String(payload.sub),
    refreshTokenHash1: String(payload.refreshTokenHash1),
    parentRefreshTokenHash1: toNullable(payload.parentRefreshTokenHash1),
    antiCsrfToken: toNullable(payload.antiCsrfToken),
    userData: Object.fromEntries(Object.entries(payload).filter(([name]) => !own.has(name))),
    expiry: Number(payload.exp) * 1000,
  }
}

/** Reads a token whose signature and time hold. */
export async function verifyAccessToken(
  core: CoreContext,
  token: string,
): Promise<AccessToken | TokenProblem> {
  const problem = toFormProblem(token)
  if (problem !== null) return { problem }
  const key = await core.keys.find(String(decodePart(token.split('.')[0]).kid))
  if (!key) {
    return { problem: 'io.supertokens.exceptions.TryRefreshTokenException: Key not found' }
  }
  if (!isSignedBy(key, token)) return { problem: `${JWT_EXCEPTION}: JWT verification failed` }
  const content = decodeAccessToken(token)
  if ('problem' in content) return content
  return content.expiry < core.clock.now() ? { problem: 'Access token expired' } : content
}

/** What is wrong with the outer form of a token; `null` if nothing. */
export function toFormProblem(token: string): string | null {
  const header = decodePart(token.split('.')[0])
  if (token.split('.').length !== 3 || Object.keys(header).length === 0) {
    return `${JWT_EXCEPTION}: Invalid JWT`
  }
  const expected = { typ: 'JWT', alg: 'RS256' }
  for (const [name, value] of Object.entries(expected)) {
    if (header[name] === undefined) return `${JWT_EXCEPTION}: JWT header missing - ${name}`
    if (header[name] !== value) return `${JWT_EXCEPTION}: JWT header mismatch - ${name}`
  }
  return null
}

function isSignedBy({ publicPem }: SigningKey, token: string): boolean {
  const end = token.lastIndexOf('.')
  const signature = Buffer.from(token.slice(end + 1), 'base64url')
  return verify('RSA-SHA256', Buffer.from(token.slice(0, end)), publicPem, signature)
}

function decodePart(part = ''): JsonObject {
  try {
    return Object(JSON.parse(Buffer.from(part, 'base64url').toString()))
  } catch {
    return {}
  }
}

function toNullable(claim: unknown): string | null {
  return typeof claim === 'string' ? claim : null
}
