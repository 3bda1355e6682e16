/**
 * How much processor time a call takes, for contenders that take turns in one process.
 *
 * @typedef {object} Contender
 * @property {string} name
 * @property {() => any} input Makes what one call is given; not measured.
 * @property {(input: any) => unknown} call
 *
 * @typedef {object} Figure
 * @property {number} cpuMicroseconds Processor time per call, of all threads of the process.
 * @property {number} p50Microseconds Time until the answer, in the middle.
 * @property {number} p99Microseconds Time until the answer, of one in a hundred.
 */

const CALLS_PER_TURN = 1000

const warmUpTurns = (turns) => Math.ceil(turns / 4)

/** Calls each contender gets: in every turn, once for processor time and once for waiting time. */
export const callsOf = (turns) => (turns + warmUpTurns(turns)) * CALLS_PER_TURN * 2

/**
 * @param {readonly Contender[]} contenders
 * @param {number} turns Turns each contender gets, after a quarter as many to warm up.
 * @returns {Promise<Record<string, Figure>>} By name. The cheaper half of the turns counts: what else
 * the machine does can only add to a turn.
 */
export async function measure(contenders, turns) {
  const records = contenders.map((contender) => ({ contender, spent: [], waited: [] }))
  for (let turn = -warmUpTurns(turns); turn < turns; turn++) {
    for (const { contender, spent, waited } of records) {
      const cpuMicroseconds = await cpuPerCall(contender)
      const waits = await waitsOfCalls(contender)
      if (turn < 0) continue
      spent.push(cpuMicroseconds)
      waited.push(...waits)
    }
  }
  return Object.fromEntries(
    records.map(({ contender, spent, waited }) => {
      const cheaper = spent.sort(ascending).slice(0, Math.ceil(turns / 2))
      const waits = waited.sort(ascending)
      const figure = {
        cpuMicroseconds: cheaper.reduce((sum, value) => sum + value, 0) / cheaper.length,
        p50Microseconds: waits[Math.floor(waits.length * 0.5)],
        p99Microseconds: waits[Math.floor(waits.length * 0.99)],
      }
      return [contender.name, figure]
    }),
  )
}

/** @param {Contender} contender */
async function cpuPerCall({ input, call }) {
  const inputs = Array.from({ length: CALLS_PER_TURN }, input)
  const before = process.cpuUsage()
  // Let go once answered, as a server lets go of its requests.
  while (inputs.length > 0) await call(inputs.pop())
  const { user, system } = process.cpuUsage(before)
  return (user + system) / CALLS_PER_TURN
}

/** @param {Contender} contender */
async function waitsOfCalls({ input, call }) {
  const inputs = Array.from({ length: CALLS_PER_TURN }, input)
  const waits = []
  while (inputs.length > 0) {
    const value = inputs.pop()
    const before = process.hrtime.bigint()
    await call(value)
    waits.push(Number(process.hrtime.bigint() - before) / 1000)
  }
  return waits
}

function ascending(left, right) {
  return left - right
}
