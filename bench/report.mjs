/**
 * The figures as a person reads them: a table in the terminal, and the page of the documentation.
 *
 * @typedef {object} Report
 * @property {ReturnType<typeof import('./machine.mjs').describeMachine>} machine
 * @property {string} command
 * @property {{ name: string, title: string, rows: import('./targets.mjs').Row[] }[]} parts
 */

const BEGIN = '<!-- figures -->'
const END = '<!-- end of figures -->'

/** Above this many waiting processes per processor, a figure says more about the others. */
const QUIET_LOAD_PER_PROCESSOR = 0.25

/** Three digits that count. */
export function formatValue(value) {
  if (!Number.isFinite(value)) return String(value)
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US')
  return String(Number(value.toPrecision(3)))
}

const outcome = ({ isMet }) => (isMet === null ? '' : isMet ? 'met' : 'MISSED')

/** @param {Report['parts'][number]} part */
export function toText({ title, rows }) {
  const cells = rows.map((row) => [
    row.measure,
    `${formatValue(row.value)} ${row.unit}`,
    row.target,
    outcome(row),
  ])
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((line) => line[column].length)))
  const lines = cells.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  return [`\n${title}`, ...lines.map((line) => `  ${line}`)].join('\n')
}

/** @param {Report} report */
export function toMarkdown({ machine, command, parts }) {
  const { loadAverage, processors } = machine
  const isQuiet = loadAverage <= QUIET_LOAD_PER_PROCESSOR * processors
  const versions = Object.entries(machine.packages).map(([name, version]) => `${name} ${version}`)
  const load = `load average ${formatValue(loadAverage)} at the start`
  const head = [
    `Taken on ${machine.date} by \`${command}\`: Node.js ${machine.node}, ${versions.join(', ')};`,
    `${processors} × ${machine.processor}, ${machine.platform}, ${load}.`,
  ]
  const warning = isQuiet
    ? []
    : ['', '**The machine was busy with other work, so these figures are rough.**']
  return [...head, ...warning, ...parts.flatMap(toMarkdownTable)].join('\n')
}

function toMarkdownTable({ title, rows }) {
  return [
    '',
    `### ${title}`,
    '',
    '| measure | figure | target | |',
    '| --- | ---: | ---: | --- |',
    ...rows.map(
      (row) =>
        `| ${row.measure} | ${formatValue(row.value)} ${row.unit} | ${row.target} | ${outcome(row)} |`,
    ),
  ]
}

/**
 * The page with new figures between its marks.
 * @throws {TypeError} when the page has no marks.
 */
export function replaceFigures(page, figures) {
  const [before, rest] = page.split(BEGIN)
  const after = rest?.split(END)[1]
  if (before === undefined || after === undefined) {
    throw new TypeError(`the page has no "${BEGIN}" and "${END}"`)
  }
  return `${before}${BEGIN}\n\n${figures}\n\n${END}${after}`
}
