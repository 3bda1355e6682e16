/**
 * `npm run bench`: every figure the documentation promises something about.
 *
 * `npm run bench -- clerk next` runs some parts only, `--json <file>` writes every figure, `--docs`
 * puts their tables into docs/performance.md. Fails when a target is missed and `--strict` is given.
 * Each part is a process of its own, one after the other.
 */

import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { describeMachine } from './machine.mjs'
import { replaceFigures, toSections, toText } from './report.mjs'
import { parts } from './targets.mjs'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'string' },
    docs: { type: 'boolean', default: false },
    strict: { type: 'boolean', default: false },
  },
})
const unknown = positionals.filter((name) => !Object.hasOwn(parts, name))
if (unknown.length > 0) {
  console.error(`no such part: ${unknown.join(', ')}. Parts: ${Object.keys(parts).join(', ')}`)
  process.exit(1)
}

const machine = describeMachine()
const chosen = positionals.length > 0 ? positionals : Object.keys(parts)
console.log(
  `Node.js ${machine.node}, ${machine.processors} × ${machine.processor}, ` +
    `load average ${machine.loadAverage.toFixed(2)}`,
)

const figures = {}
const reported = []
for (const name of chosen) {
  figures[name] = run(name)
  const { title, rows } = parts[name]
  const part = { name, title, rows: rows(figures[name]) }
  reported.push(part)
  console.log(toText(part))
}

/** What has been asked for besides, as it was asked for: it belongs to the figures. */
const settings = Object.entries(process.env).flatMap(([name, value]) =>
  name.startsWith('BENCH_') ? [`${name}=${value}`] : [],
)
const command = [
  ...settings,
  'npm run bench',
  ...(positionals.length > 0 ? ['--', ...positionals] : []),
]
const report = { machine, command: command.join(' '), parts: reported }
if (values.json) writeFileSync(values.json, `${JSON.stringify({ ...report, figures }, null, 2)}\n`)
if (values.docs) {
  const page = fileURLToPath(new URL('../docs/performance.md', import.meta.url))
  const titles = Object.values(parts).map(({ title }) => title)
  writeFileSync(page, replaceFigures(readFileSync(page, 'utf8'), toSections(report), titles))
}
const missed = reported.flatMap(({ rows }) => rows.filter(({ isMet }) => isMet === false))
if (missed.length > 0) {
  console.log(`\nMissed: ${missed.map(({ measure }) => measure).join('; ')}`)
  if (values.strict) process.exitCode = 1
}

/** The figures of one part, which it prints as the last line. */
function run(name) {
  const file = fileURLToPath(new URL(`${name}.mjs`, import.meta.url))
  const { status, stdout } = spawnSync(process.execPath, [file], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (status !== 0) {
    console.error(`the part ${name} failed`)
    process.exit(status ?? 1)
  }
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
}
