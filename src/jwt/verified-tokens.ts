/**
 * Tokens whose signature has been verified, so that a session seen before costs no cryptography.
 *
 * What is kept is a fact about bytes and nothing else: this text, parsed to these frozen claims, was
 * signed by this key. It holds under every configuration and for every request; whatever depends on
 * time, configuration, request or vendor is judged anew each time.
 */

import type { VerificationKey } from '#platform'
import type { CompactToken, JsonObject } from './token.js'

/** The parts of a token worth keeping; the text of the token is not among them. */
export interface VerifiedToken extends Pick<CompactToken, 'header' | 'payload' | 'memo'> {
  readonly verifiedBy: VerificationKey
}

/**
 * Characters of token text one generation stands for; there are two. About 5000 sessions each, and
 * some 40 MB of memory for both at the very most.
 */
export const MAX_GENERATION_CHARACTERS: number = 4 * 1024 * 1024

/** Headers kept; tokens of one key share theirs, so there are hardly ever more than a few. */
const MAX_HEADERS = 32

let young: Map<string, VerifiedToken> = new Map()
let old: Map<string, VerifiedToken> = new Map<string, VerifiedToken>()
let characters = 0
let headers: readonly { readonly encoded: string; readonly header: JsonObject }[] = []

/** @returns `null` for a text that is not known. */
export function recallToken(fingerprint: string, { length }: string): VerifiedToken | null {
  const found = young.get(fingerprint)
  if (found) return found
  const aging = old.get(fingerprint)
  if (aging) keep(fingerprint, length, aging)
  return aging ?? null
}

/** @returns `undefined` for an encoded header that was on no verified token lately. */
export function recallHeader(encoded: string): JsonObject | undefined {
  return headers.find((known) => known.encoded === encoded)?.header
}

/** To be called once the signature has been found good, and only then. */
export function rememberToken(token: CompactToken, key: VerificationKey): void {
  const { text, fingerprint, header, payload, memo } = token
  if (fingerprint === null) return
  if (!headers.some((known) => known.header === header)) {
    // Put together anew: a slice would keep the whole token in memory.
    const encoded = [...text.slice(0, text.indexOf('.'))].join('')
    headers = [...headers.slice(1 - MAX_HEADERS), { encoded, header }]
  }
  keep(fingerprint, text.length, { header, payload, memo, verifiedBy: key })
}

function keep(fingerprint: string, length: number, token: VerifiedToken): void {
  if (characters + length > MAX_GENERATION_CHARACTERS) {
    old = young
    young = new Map()
    characters = 0
  }
  young.set(fingerprint, token)
  characters += length
}
