/**
 * How much processor time a call takes, for contenders that take turns in one process.
 *
 * @typedef {object} Contender
 * @property {string} name
 * @property {() => any} input Makes what one call is given; not measured.
 * @property {(input: any) => unknown} call
 * @property {(answer: any) => void} [check] Throws unless the answer is right. Apart from the call, so that
 * making sure costs no promise of its own.
 * @property {number} [callsPerTurn] Default 2000; fewer for what takes long.
 *
 * @typedef {object} Figure
 * @property {number} cpuMicroseconds Processor time per call, of all threads of the process.
 * @property {readonly number[]} turns The same of every turn, in order.
 * @property {number} p50Microseconds Time until the answer, in the middle.
 * @property {number} p99Microseconds Time until the answer, of one in a hundred.
 */

const CALLS_PER_TURN = 2000

/** For a peer, whose calls take a millisecond, and for what every call needs something new for. */
export const FEW_CALLS = 500

/** Calls before it is somebody else's turn: after a few the processor knows the way again. */
const CALLS_IN_A_ROW = 500

/** A server too has some requests at once, not thousands. */
const INPUTS_AT_ONCE = 100

const takeAny = () => undefined

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
    // In changing order: what one leaves behind for the collector of garbage, another has to pay for.
    const first = (turn + records.length * turns) % records.length
    const order = [...records.slice(first), ...records.slice(0, first)]
    const spent = await cpuPerCall(order)
    const waits = await waitsOfCalls(order)
    if (turn < 0) continue
    for (const record of records) {
      record.spent.push(spent.get(record))
      record.waited.push(...waits.get(record))
    }
  }
  return Object.fromEntries(
    records.map(({ contender, spent, waited }) => {
      const waits = waited.sort(ascending)
      const figure = {
        cpuMicroseconds: cheapestQuarter(spent),
        turns: spent,
        p50Microseconds: waits[Math.floor(waits.length * 0.5)],
        p99Microseconds: waits[Math.floor(waits.length * 0.99)],
      }
      return [contender.name, figure]
    }),
  )
}

/** Microseconds, by record. */
async function cpuPerCall(records) {
  const tallies = new Map(records.map((record) => [record, { spent: 0, calls: 0 }]))
  for (const { record, inputs } of roundsOf(records)) {
    const tally = tallies.get(record)
    const { call, check = takeAny } = record.contender
    tally.calls += inputs.length
    const before = process.cpuUsage()
    // Let go once answered, as a server lets go of its requests.
    while (inputs.length > 0) check(await call(inputs.pop()))
    const { user, system } = process.cpuUsage(before)
    tally.spent += user + system
  }
  return new Map([...tallies].map(([record, { spent, calls }]) => [record, spent / calls]))
}

/** Microseconds of every call, by record. */
async function waitsOfCalls(records) {
  const waits = new Map(records.map((record) => [record, []]))
  for (const { record, inputs } of roundsOf(records)) {
    const { call, check = takeAny } = record.contender
    while (inputs.length > 0) {
      const value = inputs.pop()
      const before = process.hrtime.bigint()
      const answer = await call(value)
      waits.get(record).push(Number(process.hrtime.bigint() - before) / 1000)
      check(answer)
    }
  }
  return waits
}

/** The inputs of one turn: some for everybody, then some more, so that all meet the same machine. */
function* roundsOf(records) {
  for (let done = 0; ; done += CALLS_IN_A_ROW) {
    const going = records.filter(
      ({ contender: { callsPerTurn = CALLS_PER_TURN } }) => done < callsPerTurn,
    )
    if (going.length === 0) return
    for (const record of going) {
      const { callsPerTurn = CALLS_PER_TURN } = record.contender
      const wanted = Math.min(CALLS_IN_A_ROW, callsPerTurn - done)
      for (let made = 0; made < wanted; made += INPUTS_AT_ONCE) {
        yield { record, inputs: Array.from({ length: INPUTS_AT_ONCE }, record.contender.input) }
      }
    }
  }
}

/** How many times as much one contender costs as another that had its turns beside it. */
export function timesOf(figure, other) {
  return middleHalf(figure.turns.map((spent, turn) => spent / other.turns[turn]))
}

/** The mean of the cheapest quarter: what else the machine does can only add to a turn. */
export function cheapestQuarter(values) {
  return meanOf(values.toSorted(ascending).slice(0, Math.ceil(values.length / 4)))
}

/** The mean of the middle half: of what is compared turn by turn, the rest says more about the machine. */
export function middleHalf(values) {
  const quarter = Math.floor(values.length / 4)
  return meanOf(values.toSorted(ascending).slice(quarter, values.length - quarter))
}

function meanOf(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function ascending(left, right) {
  return left - right
}
