/**
 * The long run of the security suite, and the table of its figures in docs/security.md.
 *
 * `SECURITY_SCALE` sets how much of the promised number of cases is tried (default 1), `FUZZ_SEED`
 * which ones, `WYCHEPROOF_DIR` where Wycheproof's vectors are. `--write` puts the figures into the
 * documentation; `--render` does so from the results of the run before.
 */

import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { writeFigures } from './security-figures.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const results = `${root}security-results.json`
const outputLog = `${root}security-results.output`

/** Requests in the comparison with each vendor's SDK. */
const COMPARISONS = 25_000

const { SECURITY_SCALE: scale = '1', FUZZ_SEED: seed = '20261121' } = process.env

/** Runs test files; their report goes to a file, what they print to the terminal. */
function run(file, projects, paths) {
  const parameters = [
    ...['run', ...projects.flatMap((name) => ['--project', name]), ...paths],
    ...['--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
  ]
  const { status } = spawnSync('npx', ['vitest', ...parameters], {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      SECURITY_SCALE: scale,
      FUZZ_SEED: seed,
      SECURITY_OUTPUT_LOG: outputLog,
      FUZZ_CASES: String(Math.ceil(COMPARISONS * Number(scale))),
    },
  })
  return { status: status ?? 1, report: JSON.parse(readFileSync(file, 'utf8')) }
}

/** Every test with figures, by file and title. */
function figuresOf(report) {
  return report.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.flatMap(({ status, fullName, meta }) =>
      (meta?.figures ?? []).map(({ promise, figure }) => ({
        promise,
        figure,
        passed: status === 'passed',
        test: `${name.replace(root, '')} > ${fullName}`,
        file: name.replace(root, ''),
      })),
    ),
  )
}

/** What each test file has found in its own output when it was done. */
function outputFigure(sizes) {
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  return {
    promise: 'output',
    figure: `${sizes.length} test files of this run and the servers they start: ${bytes.toLocaleString('en-US').replaceAll(',', ' ')} bytes printed, 0 secret; the same search closes every test file but the browser’s`,
    passed: true,
    test: 'every test file',
    file: 'test/support/security-output.ts',
  }
}

/** How many mutants the unit tests have killed, from the report of `npm run test:mutation`. */
function mutantFigures() {
  const reports = readdirSync(root).filter((name) => /^mutation-results.*\.json$/.test(name))
  const files = reports.flatMap((name) =>
    Object.entries(JSON.parse(readFileSync(root + name, 'utf8')).files),
  )
  if (files.length === 0) return []
  const count = (mutants, ...statuses) =>
    mutants.filter(({ status }) => statuses.includes(status)).length
  const all = files.flatMap(([, { mutants }]) => mutants)
  const killed = count(all, 'Killed', 'Timeout')
  const tried = killed + count(all, 'Survived', 'NoCoverage')
  const parts = files.map(([name, { mutants }]) => {
    const good = count(mutants, 'Killed', 'Timeout')
    return `${name} ${good} of ${good + count(mutants, 'Survived', 'NoCoverage')}`
  })
  const figure = `${killed} of ${tried} (${((100 * killed) / tried).toFixed(1)} %): ${parts.join(', ')}`
  return [{ promise: 'mutants', figure, passed: true, test: '', file: 'stryker.config.json' }]
}

function versionOf(name) {
  return JSON.parse(readFileSync(`${root}node_modules/${name}/package.json`, 'utf8')).version
}

function runAll() {
  rmSync(outputLog, { force: true })
  const part = `${root}security-results.part.json`
  console.log(`seed ${seed}, scale ${scale}`)
  const started = Date.now()
  const runs = [
    ['security', 'unit'],
    ['integration', 'package'],
  ].map((projects) => run(part, projects, ['test/security/', '/differential.test.ts']))
  rmSync(part)
  const sizes = readFileSync(outputLog, 'utf8').trim().split('\n').map(Number)
  rmSync(outputLog)
  const failed = runs.filter(({ status }) => status !== 0).length
  const packages = ['@clerk/backend', 'supertokens-node', 'next', 'jose']
  const document = {
    command: `SECURITY_SCALE=${scale} FUZZ_SEED=${seed} npm run test:security`,
    finished: new Date().toISOString().slice(0, 10),
    minutes: Math.ceil((Date.now() - started) / 60_000),
    machine: {
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: availableParallelism(),
    },
    versions: Object.fromEntries(packages.map((name) => [name, versionOf(name)])),
    passed: failed === 0,
    tests: runs.reduce((sum, { report }) => sum + report.numPassedTests, 0),
    figures: [...runs.flatMap(({ report }) => figuresOf(report)), outputFigure(sizes)],
  }
  writeFileSync(results, `${JSON.stringify(document, null, 2)}\n`)
  return failed
}

const [flag] = process.argv.slice(2)
const failed = flag === '--render' ? 0 : runAll()
if (flag === '--write' || flag === '--render') {
  if (failed > 0) throw new RangeError('figures of a run that failed are not written down')
  if (!existsSync(results))
    throw new RangeError('there are no results: npm run test:security first')
  const document = JSON.parse(readFileSync(results, 'utf8'))
  const figures = [...document.figures, ...mutantFigures()]
  writeFigures(`${root}docs/security.md`, { ...document, figures })
}
process.exitCode = failed > 0 ? 1 : 0
