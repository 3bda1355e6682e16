/** Signing keys of a core: dynamic ones that follow one another, and one that stays. */

import { randomUUID } from 'node:crypto'
import type { JWK } from 'jose'
import { z } from 'zod'
import type { Clock } from '../base/clock.js'
import { createSigningKey, type SigningKey, savedKey } from '../base/signing-key.js'
import type { Snapshot } from '../base/snapshot.js'
import type { Settings } from './options.js'

/** Keys are made when they are first asked for: most tests never are. */
export interface Keys {
  /** The key that stays. */
  fixed(): Promise<SigningKey>
  /** The dynamic key tokens are signed with now. */
  dynamic(): Promise<SigningKey>
  /** The key of this id, while it verifies tokens. */
  find(kid: string): Promise<SigningKey | undefined>
  /** All keys that verify tokens: dynamic ones newest first, then the fixed one. */
  jwks(): Promise<readonly JWK[]>
  /** For how long the set stays complete, in seconds; at least 1. */
  maxAgeSeconds(): Promise<number>
  /** Adds a dynamic key that signs at once, without having been published before. */
  rotate(): Promise<void>
  /** The keys made so far. */
  save(): Promise<Snapshot>
}

/** Keys that were kept; the dynamic ones newest first. */
export interface SavedKeys {
  readonly fixed: SigningKey | null
  readonly dynamic: readonly DynamicKey[]
}

/** A new key is published for this long before it signs, so that caches learn of it. */
const ANNOUNCED_MS = 60_000

interface DynamicKey {
  readonly key: SigningKey
  /** Milliseconds since the epoch. */
  readonly signsFrom: number
}

/** Reads keys that were kept. */
export const savedKeys: z.ZodType<SavedKeys> = z.object({
  fixed: savedKey.nullable(),
  dynamic: z.array(z.object({ key: savedKey, signsFrom: z.number() })),
})

const NONE: SavedKeys = { fixed: null, dynamic: [] }

/** Keys that follow the clock. */
export function createKeys(clock: Clock, settings: Settings, saved: SavedKeys = NONE): Keys {
  const [newestSaved, ...olderSaved] = saved.dynamic
  let fixed = saved.fixed && Promise.resolve(saved.fixed)
  let newest = newestSaved ? Promise.resolve(newestSaved) : null
  /** Newest first. */
  let older: readonly DynamicKey[] = olderSaved

  async function make(before: Promise<DynamicKey> | null, announcedMs: number) {
    const previous = await before
    const signsFrom = clock.now() + announcedMs
    // The id of a key is its time of creation, and has to be its own.
    const createdAt = Math.max(clock.now(), (previous?.key.createdAt ?? 0) + 1)
    const key = await createSigningKey(`d-${createdAt}`, createdAt)
    if (previous) older = [previous, ...older]
    return { key, signsFrom }
  }

  const toNextDue = ({ key }: DynamicKey) => key.createdAt + settings.keyRotationMs - ANNOUNCED_MS

  /** The dynamic keys that verify tokens, after making the next one if it is due. */
  async function current(): Promise<readonly [DynamicKey, ...DynamicKey[]]> {
    newest ??= make(null, 0)
    const known = newest
    const isDue = clock.now() > toNextDue(await known)
    // Of the calls that find a key due, the first makes it; the others wait for it.
    if (isDue && newest === known) newest = make(known, ANNOUNCED_MS)
    const latest = await newest
    // A key outlives its turn by two access tokens.
    const lifeMs = settings.keyRotationMs + 2 * settings.accessTokenValidityMs
    return [latest, ...older.filter(({ key }) => key.createdAt + lifeMs >= clock.now())]
  }

  const keys: Keys = {
    fixed() {
      fixed ??= createSigningKey(`s-${randomUUID()}`, clock.now())
      return fixed
    },
    async dynamic() {
      const all = await current()
      const now = clock.now()
      const isInTurn = ({ key, signsFrom }: DynamicKey) =>
        signsFrom <= now && now < key.createdAt + settings.keyRotationMs
      return (all.find(isInTurn) ?? all[0]).key
    },
    async find(kid) {
      const all = [await keys.fixed(), ...(await current()).map(({ key }) => key)]
      return all.find((key) => key.kid === kid)
    },
    async jwks() {
      const dynamic = await current()
      return [...dynamic.map(({ key }) => key.publicJwk), (await keys.fixed()).publicJwk]
    },
    async maxAgeSeconds() {
      const [latest] = await current()
      return Math.max(Math.floor((toNextDue(latest) - clock.now()) / 1000), 1)
    },
    async rotate() {
      newest = make(newest, 0)
      await newest
    },
    async save() {
      // The newest goes first: making it is what moves the one before to the older ones.
      const latest = await newest
      const dynamic = latest ? [latest, ...older] : []
      return {
        fixed: (await fixed)?.save() ?? null,
        dynamic: dynamic.map(({ key, signsFrom }) => ({ key: key.save(), signsFrom })),
      }
    },
  }
  return keys
}
