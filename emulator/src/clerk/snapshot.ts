/** The memory of an instance, as it is kept from one run to the next. */

import { z } from 'zod'
import { type SigningKey, savedKey } from '../base/signing-key.js'
import { loadTables, readSnapshot, type Snapshot, saveTables } from '../base/snapshot.js'
import type { ClerkInstanceOptions, InstanceNames } from './options.js'
import type { ClerkState } from './state.js'
import { type ClerkStore, createStore } from './store.js'

/** What an instance begins with. */
export interface SavedInstance {
  readonly clockAheadMs?: number
  readonly names?: InstanceNames
  /** Options that the publishable key is made of. */
  readonly look?: Pick<ClerkInstanceOptions, 'frontendApi' | 'isProduction'>
  readonly keys?: readonly SigningKey[]
  readonly store: ClerkStore
}

const schema = z.object({
  clockAheadMs: z.number(),
  names: z.object({ instanceId: z.string().min(1), secretKey: z.string().min(1) }),
  look: z.object({ frontendApi: z.string(), isProduction: z.boolean() }),
  keys: z.array(savedKey).min(1),
  tables: z.record(z.string(), z.unknown()),
})

/** All that an instance remembers; webhooks that were sent are not. */
export function saveInstance({ settings, clock, keys, store }: ClerkState): Snapshot {
  const { instanceId, secretKey, frontendApi, isProduction } = settings
  return {
    clockAheadMs: clock.now() - Date.now(),
    names: { instanceId, secretKey },
    look: { frontendApi, isProduction },
    keys: keys.all.map((key) => key.save()),
    tables: saveTables(store),
  }
}

/** @throws {EmulatorMisuse} when it is not what {@link saveInstance} gave. */
export function readInstanceSnapshot(snapshot: Snapshot | undefined): SavedInstance {
  const store = createStore()
  if (!snapshot) return { store }
  const { tables, ...saved } = readSnapshot(schema, snapshot)
  loadTables({ ...store }, tables)
  return { ...saved, store }
}
