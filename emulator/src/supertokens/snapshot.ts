/** The memory of a core, as it is kept from one run to the next. */

import { z } from 'zod'
import { loadTables, readSnapshot, type Snapshot, saveTables } from '../base/snapshot.js'
import type { CoreContext } from './context.js'
import { type SavedKeys, savedKeys } from './keys.js'
import { createStore, type Store } from './store.js'

/** What a core begins with. */
export interface SavedCore {
  readonly clockAheadMs?: number
  readonly keys?: SavedKeys
  readonly refreshTokenKey?: Buffer
  readonly store: Store
}

const schema = z.object({
  clockAheadMs: z.number(),
  keys: savedKeys,
  refreshTokenKey: z.base64().transform((text) => Buffer.from(text, 'base64')),
  tables: z.record(z.string(), z.unknown()),
})

/** All that a core remembers. */
export async function saveCore({
  clock,
  keys,
  refreshTokens,
  store,
}: CoreContext): Promise<Snapshot> {
  return {
    clockAheadMs: clock.now() - Date.now(),
    keys: await keys.save(),
    refreshTokenKey: refreshTokens.key.toString('base64'),
    tables: saveTables(store),
  }
}

/** @throws {EmulatorMisuse} when it is not what {@link saveCore} gave. */
export function readCoreSnapshot(snapshot: Snapshot | undefined): SavedCore {
  const store = createStore()
  if (!snapshot) return { store }
  const { tables, ...saved } = readSnapshot(schema, snapshot)
  loadTables({ ...store }, tables)
  return { ...saved, store }
}
