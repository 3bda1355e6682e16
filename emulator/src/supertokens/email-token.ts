/** One-time tokens about an e-mail address: to verify it, or to reset the password behind it. */

import { randomBytes } from 'node:crypto'
import type { EmailToken } from './store.js'

/** @param lifeMs How long the token can be used. */
export function addEmailToken(
  tokens: Map<string, EmailToken>,
  content: Pick<EmailToken, 'userId' | 'email'>,
  now: number,
  lifeMs: number,
): string {
  // 128 characters, by way of the hexadecimal form a core encodes.
  const token = Buffer.from(randomBytes(48).toString('hex')).toString('base64url')
  tokens.set(token, { ...content, timeCreated: now, expiry: now + lifeMs })
  return token
}

/** Takes a token out, and with it all others `isRelated` to it; `null` where it is of no use. */
export function consumeEmailToken(
  tokens: Map<string, EmailToken>,
  token: string,
  now: number,
  isRelated: (one: EmailToken, other: EmailToken) => boolean,
): EmailToken | null {
  const found = tokens.get(token)
  if (!found) return null
  removeEmailTokens(tokens, (other) => isRelated(found, other))
  return found.expiry < now ? null : found
}

/** Makes tokens useless. */
export function removeEmailTokens(
  tokens: Map<string, EmailToken>,
  isMeant: (token: EmailToken) => boolean,
): void {
  for (const [key, token] of tokens) if (isMeant(token)) tokens.delete(key)
}
