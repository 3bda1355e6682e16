/**
 * Wycheproof's vectors, on the primitive that verifies signatures: token parser, key loader and RS256
 * on Node and in an edge runtime. Most of their payloads are no claims, so in front of the whole
 * verifier each would be refused for that alone.
 */

import { describe, expect, it } from 'vitest'
import type { readKeySet } from '../../src/jwt/keys.js'
import { readKeySet as readKeySetOnNode } from '../../src/jwt/keys.js'
import type { parseToken } from '../../src/jwt/token.js'
import { parseToken as parseTokenOnNode } from '../../src/jwt/token.js'
import * as node from '../../src/platform/node.js'
import { inEdgeRuntime } from '../support/core-edge.js'
import { record } from '../support/security-figures.js'
import { findVectors, readVectors, type Vector, vectorFiles } from '../support/security-vectors.js'

interface Primitive {
  readonly parseToken: typeof parseToken
  readonly readKeySet: typeof readKeySet
  readonly decodeBase64url: (text: string) => Uint8Array | null
  readonly verifyRs256: (
    key: never,
    input: string,
    signature: Uint8Array,
  ) => boolean | Promise<boolean>
}

const runtimes: readonly (readonly [string, () => Promise<Primitive>])[] = [
  [
    'Node',
    async () => ({
      ...node,
      parseToken: parseTokenOnNode,
      readKeySet: readKeySetOnNode,
    }),
  ],
  [
    'an edge runtime',
    () =>
      inEdgeRuntime<Primitive>(`
        export { parseToken } from './src/jwt/token.js'
        export { readKeySet } from './src/jwt/keys.js'
        export { decodeBase64url, verifyRs256 } from './src/platform/web.js'
      `),
  ],
]

const directory = findVectors()
if (!directory) {
  console.warn(
    'skipped: Wycheproof vectors, because WYCHEPROOF_DIR names no folder with them. Get testvectors_v1 of https://github.com/C2SP/wycheproof',
  )
}

/** A payload any parser takes, in the place of one that is no claims. */
const CLAIMS = 'e30'

async function accepts(primitive: Primitive, { jws, keys }: Vector): Promise<boolean> {
  const segments = jws.split('.')
  const [header = '', payload = '', signature = ''] = segments
  if (segments.length !== 3) return false
  const token = primitive.parseToken([header, CLAIMS, signature].join('.'))
  if (token?.header.alg !== 'RS256' || 'crit' in token.header) return false
  const named = keys.map((jwk) => ({ kid: token.header.kid ?? 'the only one', ...jwk }))
  const key = (await primitive.readKeySet({ keys: named }))?.get(
    String(token.header.kid ?? 'the only one'),
  )
  if (!key) return false
  const bytes = primitive.decodeBase64url(signature)
  return bytes !== null && primitive.verifyRs256(key as never, `${header}.${payload}`, bytes)
}

/** Valid, and refused on purpose: whatever is no RS256, and what is signed by a key not for RS256. */
function isOutOfScope({ jws, keys }: Vector): boolean {
  const header = JSON.parse(Buffer.from(jws.split('.')[0] ?? '', 'base64url').toString())
  return header.alg !== 'RS256' || keys.every(({ alg }) => alg !== undefined && alg !== 'RS256')
}

describe.skipIf(!directory).each(runtimes)('on %s', (runtime, load) => {
  it.for(vectorFiles)('every invalid vector of %s is refused', async (file, context) => {
    const primitive = await load()
    const vectors = readVectors(directory as string, file)
    const accepted = new Set<Vector>()
    for (const vector of vectors) if (await accepts(primitive, vector)) accepted.add(vector)
    const invalid = vectors.filter(({ isValid }) => !isValid)
    expect(invalid.filter((vector) => accepted.has(vector))).toEqual([])
    const missed = vectors.filter((vector) => vector.isValid && !accepted.has(vector))
    expect(missed.filter((vector) => !isOutOfScope(vector))).toEqual([])
    expect(invalid.length, 'invalid vectors').toBeGreaterThan(10)
    expect(accepted.size, 'valid RS256 vectors').toBeGreaterThan(0)
    record(
      context,
      'vectors',
      `${file} on ${runtime}: ${invalid.length} invalid, 0 accepted; ${accepted.size} valid of RS256 accepted`,
    )
  })
})
