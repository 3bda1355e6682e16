/**
 * A simulated day: a million distinct sessions of both vendors begin, come back, run out and go.
 *
 * Every session is a token of its own with a valid signature, made by a process beside this one. At
 * 2, 1000, 10 000, … sessions the day stops: the cost of each class of verdicts is measured, in turns
 * with a raw verify, and the heap is read after the garbage has been collected.
 *
 * All in one process: two of the same kind, begun at once, differ by more than they may grow.
 */

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import {
  BATCH_SESSIONS,
  beginSessions,
  close,
  expectVerdict,
  measureClasses,
  setTime,
  startTime,
  stranger,
  tampered,
  UNSEEN_SESSIONS,
} from './growth/site.mjs'
import { ORIGIN, withCookie } from './verdicts.mjs'

const SESSIONS = Number(process.env.BENCH_SESSIONS ?? 1_000_000)
const DAY_MS = 86_400_000
/** Sessions that come back now and then; the bench keeps their tokens, which is not counted. */
const RECENT_SESSIONS = 500
/** The heap is read this often. */
const SAMPLE_SESSIONS = Math.ceil(SESSIONS / 100)
/** As docs/performance.md promises. */
const CEILING_MEGABYTES = 40
/** The first two are one of each vendor. */
const CHECKPOINTS = [...[2, 1000, 10_000, 100_000].filter((count) => count < SESSIONS), SESSIONS]

const recent = []
const collectGarbage = exposeCollector()
const before = heapMegabytes()
// What comes first is compiled while it runs, which is no matter of the number of sessions.
await measureClasses()

let lived = 0
const states = []
const heaps = []
for (const count of CHECKPOINTS) {
  while (lived < count) {
    await live(Math.min(BATCH_SESSIONS, SAMPLE_SESSIONS, count - lived))
    if (lived >= heaps.length * SAMPLE_SESSIONS) heaps.push(sampleHeap())
  }
  setTime(timeOf(lived))
  states.push({ sessions: lived, figures: await measureClasses() })
  heaps.push(sampleHeap())
}
close()
console.log(JSON.stringify({ classes: summarise(), memory: summariseMemory() }))

function timeOf(index) {
  return startTime + Math.floor((index / SESSIONS) * DAY_MS)
}

/** A piece of the day: new sessions, their second requests, and what else knocks on the door. */
async function live(count) {
  const times = Array.from({ length: count }, (_, offset) => timeOf(lived + offset))
  for (const [offset, session] of (await beginSessions(times)).entries()) {
    setTime(times[offset])
    const number = lived + offset
    const { getAuth } = session
    for (const visit of [withCookie(session), withCookie(session)]) {
      await expectVerdict({ getAuth, request: visit, isAuthenticated: true })
    }
    recent[number % RECENT_SESSIONS] = session
    if (number % 5 > 0) continue
    for (const request of [new Request(ORIGIN), tampered(session), stranger(session)]) {
      await expectVerdict({ getAuth, request, isAuthenticated: false })
    }
    const late = recent[(number * 7) % recent.length]
    // Whoever comes back late has run out, or not: either is a verdict.
    if (late) await late.getAuth(withCookie(late))
  }
  lived += count
}

/** Per class, what it cost at each size, and how far that was at most from the middle of all. */
function summarise() {
  const names = Object.keys(states[0].figures).filter((name) => name !== 'raw verify')
  const classes = names.map((name) => {
    const costs = states.map(({ sessions, figures }) => ({
      sessions,
      timesVerify: figures[name].cpuMicroseconds / figures['raw verify'].cpuMicroseconds,
      ...figures[name],
    }))
    const times = costs.map(({ timesVerify }) => timesVerify)
    const [least, most] = [Math.min(...times), Math.max(...times)]
    return [name, { deviation: (most - least) / (most + least), costs }]
  })
  return Object.fromEntries(classes)
}

/** The heap goes up and down with every generation, so the highest points are compared. */
function summariseMemory() {
  const highest = (samples) => Math.max(...samples.map(({ megabytes }) => megabytes))
  const early = heaps.filter(({ sessions }) => sessions <= SESSIONS / 2)
  const late = heaps.filter(({ sessions }) => sessions > SESSIONS / 2)
  return {
    // Those that were measured besides are of the day as well.
    sessions: lived + CHECKPOINTS.length * UNSEEN_SESSIONS,
    hours: (timeOf(lived) - startTime) / 3_600_000,
    ceilingMegabytes: CEILING_MEGABYTES,
    highestMegabytes: highest(heaps),
    lateGrowthMegabytes: highest(late) - highest(early),
    heaps,
  }
}

function sampleHeap() {
  return { sessions: lived, megabytes: heapMegabytes() - before }
}

function exposeCollector() {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc')
}

function heapMegabytes() {
  collectGarbage()
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / 2 ** 20
}
