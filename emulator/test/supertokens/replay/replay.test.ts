/** The stand-in answers recorded requests as the real core did; ids, times and tokens aside. */

import { beforeAll, describe, expect, it } from 'vitest'

import { createFrozenClock } from '../support/clock.js'
import { createBindings } from './bindings.js'
import { readRecordings } from './recording.js'
import { replay } from './replay.js'
import { createStage, type Stage, worlds } from './world.js'

const folder = process.env.CORE_RECORDINGS_DIR
const recordings = folder ? readRecordings(folder) : []

/** Calls that are left out, by method and path. */
const skipped: Readonly<Record<string, string>> = {
  'GET /requests/stats': 'numbers of requests by the minute are not emulated',
}

/** Calls whose answers have values of their own, by method and path. */
const deviating: Readonly<Record<string, string>> = {
  'GET /apiversion': 'only the emulated version is offered',
  'GET /users/count/active': 'counts users of calls that were not recorded',
}

if (!folder) {
  console.warn('skipped: recordings of a real core, because CORE_RECORDINGS_DIR names no folder')
}
for (const [call, reason] of Object.entries(skipped)) {
  console.warn(`skipped in recordings: ${call}, because ${reason}`)
}

for (const world of worlds) {
  const own = recordings.filter((one) => worlds.find(({ holds }) => holds(one)) === world)
  const exchanges = own.flatMap((recording) => recording.exchanges)
  const apiKey = exchanges.find(({ request }) => request.headers['api-key'])?.request.headers

  describe.skipIf(!folder)(world.name, () => {
    const bindings = createBindings()
    const clock = createFrozenClock()
    let stage: Stage

    beforeAll(async () => {
      stage = await createStage(world.options, apiKey?.['api-key'], clock, bindings)
    })

    it.each(own)('$name', async ({ name, exchanges: recorded }) => {
      await world.preludes[name]?.(stage, recorded)
      for (const { request, response } of recorded) {
        const call = `${request.method} ${request.path}`
        if (call in skipped) continue
        // What was recorded apart stays apart: no two users join at the same time.
        clock.advance(1)
        const differences = await replay(
          stage.core,
          { request, response },
          bindings,
          call in deviating,
        )
        expect(differences, call).toEqual([])
      }
    })
  })
}

it.skipIf(!folder)('leaves out nothing but what it says', () => {
  const calls = recordings.flatMap(({ exchanges }) => exchanges.map(({ request }) => request))
  for (const call of Object.keys(skipped)) {
    expect(calls.map(({ method, path }) => `${method} ${path}`)).toContain(call)
  }
})
