/**
 * Tokens whose signature has been verified, so that a session seen before costs no cryptography.
 *
 * What is kept is a fact about bytes and nothing else: this text, parsed to these frozen claims, was
 * signed by this key. It holds under every configuration and for every request; whatever depends on
 * time, configuration, request or vendor is judged anew each time.
 */

import { fingerprint, type VerificationKey } from '#platform'
import { deepFreeze } from './freeze.js'
import type { CompactToken } from './token.js'

/** The parts of a token worth keeping; the text of the token is not among them. */
export interface VerifiedToken extends Pick<CompactToken, 'header' | 'payload'> {
  readonly verifiedBy: VerificationKey
}

/**
 * Characters of token text one generation stands for; there are two. About 5000 sessions each, and
 * some 40 MB of memory for both at the very most.
 */
export const MAX_GENERATION_CHARACTERS: number = 4 * 1024 * 1024

let young: Map<string, VerifiedToken> = new Map()
let old: Map<string, VerifiedToken> = new Map<string, VerifiedToken>()
let characters = 0

/** @returns `null` for a text that is not known, or on a platform that keeps none. */
export function recallToken(text: string): VerifiedToken | null {
  const name = fingerprint(text)
  if (name === null) return null
  const found = young.get(name)
  if (found) return found
  const aging = old.get(name)
  if (aging) keep(name, text, aging)
  return aging ?? null
}

/** To be called once the signature has been found good, and only then. */
export function rememberToken({ text, header, payload }: CompactToken, key: VerificationKey): void {
  const name = fingerprint(text)
  if (name === null) return
  keep(name, text, { header: deepFreeze(header), payload: deepFreeze(payload), verifiedBy: key })
}

function keep(name: string, { length }: string, token: VerifiedToken): void {
  if (characters + length > MAX_GENERATION_CHARACTERS) {
    old = young
    young = new Map()
    characters = 0
  }
  young.set(name, token)
  characters += length
}
