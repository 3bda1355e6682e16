/**
 * Recordings of the project's own: made of the core that SUPERTOKENS_CORE_URL names, kept in
 * `recordings/`, and replayed like others. `npm run record` makes them anew.
 */

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Listener, listen } from '../../../src/base/listen.js'
import { createSuperTokensCore } from '../../../src/supertokens/core.js'
import { createFrozenClock } from '../support/clock.js'
import { createBindings } from './bindings.js'
import { record } from './record.js'
import { type Recording, readRecordings } from './recording.js'
import { replay } from './replay.js'
import { scenarios } from './scenarios.js'

const folder = fileURLToPath(new URL('../recordings', import.meta.url))
const coreUrl = process.env.SUPERTOKENS_CORE_URL
const recordings = readRecordings(folder)

if (recordings.length === 0) {
  console.warn('skipped: own recordings of a core, because none has been made of a real one yet')
}
if (!coreUrl) {
  console.warn('skipped: making recordings, because SUPERTOKENS_CORE_URL names no core')
}

/** Differences by call. */
async function replayAll({ exchanges }: Recording): Promise<string[]> {
  const clock = createFrozenClock()
  const core = await createSuperTokensCore({ clock })
  const bindings = createBindings()
  const differences: string[] = []
  for (const exchange of exchanges) {
    clock.advance(1)
    const { method, path } = exchange.request
    for (const difference of await replay(core, exchange, bindings)) {
      differences.push(`${method} ${path}: ${difference}`)
    }
  }
  return differences
}

describe.skipIf(!coreUrl)('a core', () => {
  it.each(scenarios)('is recorded: $name', async (scenario) => {
    const { name, exchanges } = await record(coreUrl ?? '', scenario)
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, `${name}.json`), `${JSON.stringify(exchanges, null, 1)}\n`)
  })
})

describe.skipIf(recordings.length === 0)('a recording of a core', () => {
  it.each(recordings)('$name', async (recording) => {
    expect(await replayAll(recording)).toEqual([])
  })
})

/** This says nothing of a real core: it is about the recorder and the comparison. */
describe('the comparison', () => {
  let listener: Listener
  beforeAll(async () => {
    listener = await listen(await createSuperTokensCore())
  })
  afterAll(() => listener.close())

  it.each(scenarios)('holds for what was recorded of a stand-in: $name', async (scenario) => {
    const recording = await record(listener.url, scenario)
    expect(recording.exchanges.length).toBeGreaterThan(2)
    expect(await replayAll(recording)).toEqual([])
  })

  /** Changes what was recorded, by its text. */
  function spoil({ name, exchanges }: Recording, from: RegExp, to: string): Recording {
    const text = JSON.stringify(exchanges)
    const spoilt = text.replace(from, to)
    if (spoilt === text) throw new TypeError(`nothing in ${name} is like ${from}`)
    return { name, exchanges: JSON.parse(spoilt) }
  }

  it.each([
    { says: 'a status of HTTP', name: 'refusals', from: /"status":404/, to: '"status":400' },
    { says: 'a status in the body', name: 'email-password', from: /WRONG_CRED/, to: 'OTHER_CRED' },
    { says: 'a member less', name: 'email-password', from: /"isPrimaryUser":false,/, to: '' },
    { says: 'a member more', name: 'email-password', from: /"emails":/, to: '"more":1,"emails":' },
    {
      says: 'a truth',
      name: 'email-verification',
      from: /"isVerified":false/,
      to: '"isVerified":true',
    },
    { says: 'a type of content', name: 'service', from: /text\/html/, to: 'text/plain' },
    {
      says: 'an id of another form',
      name: 'session-life',
      from: /"handle":"\w{8}-/g,
      to: '"handle":"x-',
    },
    {
      says: 'a list',
      name: 'roles-and-metadata',
      from: /\["rm:write"\],"status"/,
      to: '[],"status"',
    },
    { says: 'another text', name: 'refusals', from: /Not found/, to: 'Lost' },
  ])('finds $says', async ({ name, from, to }) => {
    const scenario = scenarios.find((its) => its.name === name)
    if (!scenario) throw new TypeError(`there is no scenario ${name}`)
    const fresh = await listen(await createSuperTokensCore())
    const recording = await record(fresh.url, scenario)
    await fresh.close()
    expect(await replayAll(spoil(recording, from, to))).not.toEqual([])
  })
})
