/** The queue of the bulk import, and the job of a core that empties it. */

import type { CoreContext } from '../context.js'
import type { JsonObject, QueuedUser } from '../store.js'
import { importBatch } from './import.js'
import { type ImportUser, toImportUser } from './user.js'

/** A core starts its job this often; the first time when it starts itself. */
export const RUN_EVERY_MS = 300_000

/** Puts users at the end of the queue. */
export function enqueue(core: CoreContext, users: readonly ImportUser[]): void {
  const now = core.clock.now()
  for (const [index, { login, ...rest }] of users.entries()) {
    const id = login.superTokensUserId
    // Times a millisecond apart keep the order in which the users came.
    const createdAt = now + index
    const input: JsonObject = { ...rest, loginMethods: [login.json] }
    core.store.bulkImport.set(id, {
      id,
      input,
      createdAt,
      updatedAt: createdAt,
      status: 'NEW',
      errorMessage: undefined,
    })
  }
}

/** One run of the job: imports what is in the queue, and leaves there what fails. */
export async function runQueue(core: CoreContext): Promise<void> {
  const waiting = [...core.store.bulkImport.values()].filter(({ status }) => status !== 'FAILED')
  const chunkSize = Math.ceil(waiting.length / core.settings.bulkImportChunks)
  for (const item of waiting) update(core, item, 'PROCESSING')
  for (let start = 0; start < waiting.length; start += chunkSize) {
    await runChunk(core, waiting.slice(start, start + chunkSize))
  }
}

/** Where one user fails, the others of the chunk stay in the queue for the next run. */
async function runChunk(core: CoreContext, chunk: readonly QueuedUser[]): Promise<void> {
  const externalIds = new Set<string>()
  const users = chunk.map(({ input }) => toImportUser(core, input, externalIds))
  const valid = users.flatMap((user) => ('errors' in user ? [] : [user]))
  if (valid.length < users.length) {
    for (const [index, user] of users.entries()) {
      const item = chunk[index]
      if (item && 'errors' in user) fail(core, item, `[${user.errors.join(', ')}]`)
    }
    return
  }
  const { imported, conflicts } = await importBatch(core, valid)
  for (const [index, item] of chunk.entries()) {
    const conflict = conflicts.get(index)
    if (conflict !== undefined) fail(core, item, conflict)
    else if (imported.length > 0) core.store.bulkImport.delete(item.id)
  }
}

function fail(core: CoreContext, item: QueuedUser, errorMessage: string): void {
  update(core, item, 'FAILED')
  item.errorMessage = errorMessage
}

function update(core: CoreContext, item: QueuedUser, status: QueuedUser['status']): void {
  item.status = status
  item.updatedAt = core.clock.now()
}
