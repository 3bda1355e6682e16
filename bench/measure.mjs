/**
 * How much processor time a call takes, for contenders that take turns in one process.
 *
 * @typedef {object} Contender
 * @property {string} name
 * @property {() => any} input Makes what one call is given; not measured.
 * @property {(input: any) => unknown} call
 * @property {number} [callsPerTurn] Default 2000; fewer for what takes long.
 *
 * @typedef {object} Figure
 * @property {number} cpuMicroseconds Processor time per call, of all threads of the process.
 * @property {number} p50Microseconds Time until the answer, in the middle.
 * @property {number} p99Microseconds Time until the answer, of one in a hundred.
 */

const CALLS_PER_TURN = 2000

/** For a peer, whose calls take a millisecond, and for what every call needs something new for. */
export const FEW_CALLS = 500

/** Inputs there are at a time: a server too has some requests at once, not thousands. */
const INPUTS_AT_ONCE = 100

const warmUpTurns = (turns) => Math.ceil(turns / 4)

/** Calls a contender gets: in every turn, once for processor time and once for waiting time. */
export const callsOf = (turns, callsPerTurn) => (turns + warmUpTurns(turns)) * callsPerTurn * 2

/**
 * @param {readonly Contender[]} contenders
 * @param {number} turns Turns each contender gets, after a quarter as many to warm up.
 * @returns {Promise<Record<string, Figure>>} By name. The cheapest quarter of the turns counts: what else
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
      const cheapest = spent.sort(ascending).slice(0, Math.ceil(turns / 4))
      const waits = waited.sort(ascending)
      const figure = {
        cpuMicroseconds: cheapest.reduce((sum, value) => sum + value, 0) / cheapest.length,
        p50Microseconds: waits[Math.floor(waits.length * 0.5)],
        p99Microseconds: waits[Math.floor(waits.length * 0.99)],
      }
      return [contender.name, figure]
    }),
  )
}

/** @param {Contender} contender */
async function cpuPerCall(contender) {
  let [spent, calls] = [0, 0]
  for (const inputs of inputsOf(contender)) {
    calls += inputs.length
    const before = process.cpuUsage()
    // Let go once answered, as a server lets go of its requests.
    while (inputs.length > 0) await contender.call(inputs.pop())
    const { user, system } = process.cpuUsage(before)
    spent += user + system
  }
  return spent / calls
}

/** @param {Contender} contender */
async function waitsOfCalls(contender) {
  const waits = []
  for (const inputs of inputsOf(contender)) {
    while (inputs.length > 0) {
      const value = inputs.pop()
      const before = process.hrtime.bigint()
      await contender.call(value)
      waits.push(Number(process.hrtime.bigint() - before) / 1000)
    }
  }
  return waits
}

/** The inputs of a turn, some at a time. */
function* inputsOf({ input, callsPerTurn = CALLS_PER_TURN }) {
  for (let left = callsPerTurn; left > 0; left -= INPUTS_AT_ONCE) {
    yield Array.from({ length: Math.min(left, INPUTS_AT_ONCE) }, input)
  }
}

function ascending(left, right) {
  return left - right
}
