/**
 * What the figures of each part are held against.
 *
 * @typedef {object} Row One line of the report.
 * @property {string} measure
 * @property {number} value
 * @property {string} unit
 * @property {string} target As it is promised; empty for a figure that is only told.
 * @property {boolean | null} isMet `null` without a target.
 */

import { timesOf } from './measure.mjs'
import { formatValue } from './report.mjs'

/** @returns {Row} */
const atMost = (measure, value, unit, limit) => ({
  measure,
  value,
  unit,
  target: `≤ ${limit}`,
  isMet: value <= limit,
})

/** @returns {Row} */
const atLeast = (measure, value, unit, limit) => ({
  measure,
  value,
  unit,
  target: `≥ ${limit}`,
  isMet: value >= limit,
})

/** @returns {Row} */
const told = (measure, value, unit) => ({ measure, value, unit, target: '', isMet: null })

const RAW = '× raw verify'
const CHEAPER = '× cheaper'

/** Verdicts of one vendor on Node, beside the vendor's own. */
function verdictRows(figures, { peer, seen, first }) {
  const cost = (name) => figures[name].cpuMicroseconds
  const raw = cost('raw verify')
  const ours = [
    ['seen before, cookie', 0.25],
    ['seen before, cookie, Node', 0.25],
    ['seen before, bearer', 0.25],
    ['first seen, cookie', 1.8],
    ['no credentials', 0.1],
    ['garbage bearer', 0.2],
  ]
  const both = cost('seen before, cookie, and a raw verify')
  return [
    told('raw verify', raw, 'µs'),
    told('raw verify after a verdict', (both - cost(ours[0][0])) / raw, RAW),
    ...ours.map(([name, limit]) => atMost(name, cost(name) / raw, RAW, limit)),
    told(peer, cost(peer) / raw, RAW),
    atLeast(`seen before, against ${peer}`, cost(peer) / cost(ours[0][0]), CHEAPER, seen),
    atLeast(`first seen, against ${peer}`, cost(peer) / cost(ours[3][0]), CHEAPER, first),
  ]
}

/** The edge has no synchronous digest, so it keeps no tokens: its figures are told, not promised. */
function edgeRows({ clerk, supertokens }) {
  return Object.entries({ Clerk: clerk, SuperTokens: supertokens }).flatMap(([vendor, figures]) => {
    const raw = figures['raw verify'].cpuMicroseconds
    return Object.entries(figures).map(([name, { cpuMicroseconds }]) =>
      name === 'raw verify'
        ? told(`${vendor}: WebCrypto's raw verify`, raw, 'µs')
        : told(`${vendor}: ${name}`, cpuMicroseconds / raw, RAW),
    )
  })
}

function coldStartRows(figures) {
  const spent = (name) => figures[name].cpuMilliseconds
  return [
    told("Node's own boot", spent('nothing'), 'ms'),
    told('Clerk: first verdict', spent('clerk'), 'ms'),
    told('@clerk/backend: load', spent('clerk-sdk'), 'ms'),
    told('SuperTokens: first verdict', spent('supertokens'), 'ms'),
    told('supertokens-node: load and init', spent('supertokens-sdk'), 'ms'),
    atMost(
      'Clerk: first verdict, against @clerk/backend',
      spent('clerk') / spent('clerk-sdk'),
      '×',
      1,
    ),
    atMost(
      'SuperTokens: first verdict, against supertokens-node',
      spent('supertokens') / spent('supertokens-sdk'),
      '×',
      0.33,
    ),
  ]
}

function sizeRows(figures) {
  return Object.entries(figures).map(([name, { gzipBytes }]) =>
    atMost(`read-only route, ${name}`, gzipBytes / 1024, 'KB gzip', 20),
  )
}

function growthRows({ classes, memory }) {
  const flatness = Object.entries(classes).flatMap(([name, { deviation, costs }]) => [
    ...costs.map(({ sessions, timesVerify }) =>
      told(`${name}, at ${formatValue(sessions)} sessions`, timesVerify, RAW),
    ),
    atMost(`${name}: farthest from the middle`, deviation * 100, '%', 10),
  ])
  return [
    told('distinct sessions', memory.sessions, ''),
    told('simulated time', memory.hours, 'h'),
    ...flatness,
    atMost('heap above the start, at most', memory.highestMegabytes, 'MB', memory.ceilingMegabytes),
    atMost(
      'heap, highest of the second half of the day against the first',
      memory.lateGrowthMegabytes,
      'MB',
      1,
    ),
  ]
}

function nextRows(figures) {
  return Object.entries(figures).flatMap(([router, { unguarded, ...guarded }]) => [
    told(`${router}: unguarded`, unguarded.requestsPerSecond, 'requests/s'),
    ...Object.entries(guarded).map(([name, { shareOfUnguarded }]) => {
      const row = [`${router}: ${name}`, shareOfUnguarded * 100, '% of unguarded']
      return name.startsWith('authmux') ? atLeast(...row, 97) : told(...row)
    }),
    ...Object.entries(guarded).map(([name, { cpuAddedMicroseconds }]) =>
      told(`${router}: ${name}, processor time`, cpuAddedMicroseconds, 'µs more per request'),
    ),
  ])
}

/** What a verdict costs while two vendors count, against one alone. */
function migrateRows(figures) {
  return ['clerk', 'supertokens'].flatMap((vendor) => {
    const alone = figures[`${vendor}, alone`]
    return [
      told(`${vendor}, alone`, alone.cpuMicroseconds, 'µs'),
      ...['primary', 'second'].map((place) => {
        const name = `${vendor}, ${place} of two`
        return atMost(name, (timesOf(figures[name], alone) - 1) * 100, '% more', 10)
      }),
    ]
  })
}

/**
 * Every part: what it measures, and how its figures become rows.
 * @type {Record<string, { title: string, rows: (figures: any) => Row[] }>}
 */
export const parts = {
  clerk: {
    title: 'Verdicts on Clerk sessions, Node',
    rows: (figures) =>
      verdictRows(figures, {
        peer: "Clerk's authenticateRequest, cookie",
        seen: 150,
        first: 20,
      }),
  },
  supertokens: {
    title: 'Verdicts on SuperTokens sessions, Node',
    rows: (figures) =>
      verdictRows(figures, {
        peer: "SuperTokens' getSession, cookie",
        seen: 20,
        first: 2.5,
      }),
  },
  edge: { title: 'Verdicts in an edge runtime', rows: edgeRows },
  'cold-start': { title: 'Cold start, beyond the boot of Node', rows: coldStartRows },
  size: { title: 'Size of a route that only reads sessions', rows: sizeRows },
  growth: { title: 'Growth over a day of distinct sessions', rows: growthRows },
  migrate: { title: 'Two vendors at once, against one alone', rows: migrateRows },
  next: { title: 'Guarded Next.js routes under load', rows: nextRows },
}
