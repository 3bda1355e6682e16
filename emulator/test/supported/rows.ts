/** Rows of the list of endpoints. */

export interface Row {
  readonly method: string
  /** With `:parameters`. */
  readonly path: string
}

/** `GET /a/:id` and the like, one a line, as rows. */
export function toRows(text: string): Row[] {
  return text
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [methods = '', path = ''] = line.trim().split(' ')
      return methods.split(',').map((method) => ({ method, path }))
    })
}

/** What two rows of the same endpoint have in common, however their parameters are called. */
export function keyOf({ method, path }: Row): string {
  return `${method} ${path.replaceAll(/:\w+/g, ':')}`
}

/** A table of all endpoints that are known, each with whether it is supported. */
export function toTable(title: string, supported: readonly Row[], known: readonly Row[]): string {
  const isSupported = new Set(supported.map(keyOf))
  const all = new Map([...known, ...supported].map((row) => [keyOf(row), row]))
  const rows = [...all.values()].sort((one, other) =>
    one.path === other.path
      ? compare(one.method, other.method)
      : compare(one.path.toLowerCase(), other.path.toLowerCase()),
  )
  const lines = rows.map(
    (row) => `| \`${row.method} ${row.path}\` | ${isSupported.has(keyOf(row)) ? 'yes' : 'no'} |`,
  )
  return `## ${title}: ${isSupported.size} of ${rows.length}

| endpoint | supported |
| --- | --- |
${lines.join('\n')}
`
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other)
}
