/**
 * A process that has just begun, for comparison with one that has seen a day of sessions.
 *
 * It takes a turn, says so, and waits for a message before the next; after the last one it sends the
 * figures. So both meet the same machine.
 */

import { once } from 'node:events'
import { close, measureClasses } from './site.mjs'

// What comes first is compiled while it runs, which is no matter of the number of sessions.
await measureClasses()

const figures = await measureClasses(async () => {
  process.send('turn')
  await once(process, 'message')
})
process.send({ figures })
close()
process.disconnect()
