/**
 * Compact JSON Web Tokens, taken apart strictly and without trusting a byte of them.
 *
 * Stricter than RFC 7515 asks and than either vendor's SDK is: a length cap before any decoding,
 * canonical base64url only, UTF-8 only, JSON objects only, no member name twice.
 */

import { decodeBase64url, fingerprint as fingerprintOf, type VerificationKey } from '#platform'
import { freezeMembers } from './freeze.js'
import { recallHeader, recallToken } from './verified-tokens.js'

/** Claims or header members as they came out of JSON: anything may be in there. */
export type JsonObject = Readonly<Record<string, unknown>>

/** What a provider makes of claims, kept with a token because it follows from its claims alone. */
export interface TokenMemo {
  /** The claims that handlers may see, deep-frozen; `null` until somebody asks. */
  shownClaims: JsonObject | null
}

/** A token whose form is right; what its claims are worth is another matter. */
export interface CompactToken {
  /** The token as it was sent. */
  readonly text: string
  /** Stands for the text where it must not be kept; `null` on a platform that has none. */
  readonly fingerprint: string | null
  /** JOSE header, unverified; frozen, all the way down. */
  readonly header: JsonObject
  /** Claims, unverified; frozen, all the way down. */
  readonly payload: JsonObject
  /** Bytes of the signature, unverified; `null` for a text that is known, where nobody asks as a rule. */
  readonly signature: Uint8Array | null
  /** The key that is known to have signed exactly this text; `null` when none is known yet. */
  readonly verifiedBy: VerificationKey | null
  /** The same object for every request that brings this text, as long as it is known. */
  readonly memo: TokenMemo
}

/**
 * Longest token that is looked at, in characters.
 *
 * Browsers cap a cookie at 4096 bytes and Node caps all request headers at 16 KiB; this leaves room
 * for a bearer token with generous custom claims.
 */
export const MAX_TOKEN_LENGTH = 8192

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Takes a compact JWT apart; `null` when it is not strictly well formed. */
export function parseToken(text: string): CompactToken | null {
  // First of all: even to look for a dot takes tens of milliseconds in a text of megabytes.
  if (text.length > MAX_TOKEN_LENGTH) return null
  const headerEnd = text.indexOf('.')
  if (headerEnd < 0) return null
  const fingerprint = fingerprintOf(text)
  const known = fingerprint === null ? null : recallToken(fingerprint, text)
  if (known) {
    const { header, payload, verifiedBy, memo } = known
    return { text, fingerprint, header, payload, signature: null, verifiedBy, memo }
  }
  const payloadEnd = text.indexOf('.', headerEnd + 1)
  const signature = decodeBase64url(text.slice(payloadEnd + 1))
  if (!signature?.length) return null
  const encodedHeader = text.slice(0, headerEnd)
  const header = recallHeader(encodedHeader) ?? parseSegment(encodedHeader)
  const payload = header && parseSegment(text.slice(headerEnd + 1, payloadEnd))
  if (!header || !payload) return null
  const memo = { shownClaims: null }
  return { text, fingerprint, header, payload, signature, verifiedBy: null, memo }
}

/** What the signature of a well-formed token covers (`<header>.<payload>`, still encoded), and itself. */
export function signedParts({ text, signature }: CompactToken): {
  input: string
  signature: Uint8Array
} {
  // Not from the end: to search backwards takes several times as long.
  const payloadEnd = text.indexOf('.', text.indexOf('.') + 1)
  return {
    input: text.slice(0, payloadEnd),
    signature: signature ?? (decodeBase64url(text.slice(payloadEnd + 1)) as Uint8Array),
  }
}

function parseSegment(encoded: string): JsonObject | null {
  const bytes = decodeBase64url(encoded)
  if (!bytes) return null
  try {
    const value: unknown = JSON.parse(utf8.decode(bytes))
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
    // JSON.parse keeps the last of two members with one name, other parsers the first (RFC 8259 §4).
    return countMembersInText(bytes) === freezeMembers(value) ? (value as JsonObject) : null
  } catch {
    return null
  }
}

/** Members of every object in a valid JSON text in UTF-8: one colon outside of a string for each. */
function countMembersInText(json: Uint8Array): number {
  let members = 0
  for (let index = 0; index < json.length; index++) {
    if (json[index] === 58) members++
    else if (json[index] === 34) {
      // Most of a token is inside of strings, so they have a loop of their own; valid JSON ends them all.
      while (json[++index] !== 34) if (json[index] === 92) index++
    }
  }
  return members
}
