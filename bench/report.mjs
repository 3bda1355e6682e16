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

/**
 * A section of the page for each part, by its title, with what its figures were taken with and on.
 * @param {Report} report
 * @returns {Map<string, string>}
 */
export function toSections({ machine, command, parts }) {
  const { loadAverage, processors } = machine
  const isQuiet = loadAverage <= QUIET_LOAD_PER_PROCESSOR * processors
  const versions = Object.entries(machine.packages).map(([name, version]) => `${name} ${version}`)
  const taken = [
    `Taken on ${machine.date} by \`${command}\`: Node.js ${machine.node}, ${versions.join(', ')};`,
    `${processors} × ${machine.processor}, ${machine.platform}, load average ${formatValue(loadAverage)} at the start.`,
    ...(isQuiet
      ? []
      : ['', '**The machine was busy with other work, so these figures are rough.**']),
  ]
  return new Map(
    parts.map(({ title, rows }) => [title, [...taken, '', ...toTable(rows)].join('\n')]),
  )
}

function toTable(rows) {
  return [
    '| measure | figure | target | |',
    '| --- | ---: | ---: | --- |',
    ...rows.map(
      (row) =>
        `| ${row.measure} | ${formatValue(row.value)} ${row.unit} | ${row.target} | ${outcome(row)} |`,
    ),
  ]
}

/**
 * The page with new sections between its marks; those of other parts stay as they are.
 * @param {string} page
 * @param {Map<string, string>} sections
 * @param {readonly string[]} titles All there can be, in their order; others are dropped.
 * @throws {TypeError} when the page has no marks.
 */
export function replaceFigures(page, sections, titles) {
  const [before, rest] = page.split(BEGIN)
  const [between, after] = rest?.split(END) ?? []
  if (before === undefined || between === undefined || after === undefined) {
    throw new TypeError(`the page has no "${BEGIN}" and "${END}"`)
  }
  const present = new Map(between.split(HEADING).slice(1).map(splitTitle))
  const all = titles.flatMap((title) => {
    const section = sections.get(title) ?? present.get(title)
    return section === undefined ? [] : [`### ${title}\n\n${section}`]
  })
  return `${before}${[BEGIN, ...all, END].join('\n\n')}${after}`
}

const HEADING = /^### /m

function splitTitle(section) {
  const [title, ...lines] = section.split('\n')
  return [title, lines.join('\n').trim()]
}
