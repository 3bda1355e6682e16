/** Wycheproof's vectors for JSON Web Signatures and Keys, from a folder that is not part of this repository. */

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A signed text, the keys to verify it with, and whether that may succeed. */
export interface Vector {
  readonly file: string
  readonly id: number
  readonly comment: string
  readonly jws: string
  readonly keys: readonly JsonWebKey[]
  readonly isValid: boolean
}

interface Group {
  readonly public?: JsonWebKey | { readonly keys: readonly JsonWebKey[] }
  readonly private?: Group['public']
  readonly tests: readonly {
    readonly tcId: number
    readonly comment: string
    readonly jws?: string | object
    readonly result: 'valid' | 'invalid'
  }[]
}

export const vectorFiles = [
  'json_web_signature_test.json',
  'json_web_crypto_test.json',
  'json_web_key_test.json',
] as const

/** Folder of the vectors, from `WYCHEPROOF_DIR`; `null` when there is none. */
export function findVectors(): string | null {
  const directory = process.env.WYCHEPROOF_DIR ?? ''
  const isThere = vectorFiles.every((file) => existsSync(join(directory, file)))
  return directory !== '' && isThere ? directory : null
}

/** The vectors of one file that are compact signatures; encryption and JSON serialisation are not. */
export function readVectors(directory: string, file: string): Vector[] {
  const { testGroups } = JSON.parse(readFileSync(join(directory, file), 'utf8')) as {
    testGroups: readonly Group[]
  }
  return testGroups.flatMap((group) => {
    // What a verifier of MACs would be given; ours is to refuse it like any other key.
    const material = group.public ?? group.private ?? {}
    const keys = 'keys' in material ? material.keys : [material as JsonWebKey]
    return group.tests.flatMap(({ tcId: id, comment, jws, result }) =>
      typeof jws === 'string'
        ? [{ file, id, comment, jws, keys, isValid: result === 'valid' }]
        : [],
    )
  })
}
