/** SQLite for tests. */

import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { SqlQuery } from '../../src/sql.js'

/** Reads `[statement, values]` and writes `[rows, error]`, a line each. */
const PROGRAM = `
import json, sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute(sys.argv[2])
for line in sys.stdin:
    try:
        cursor = database.execute(*json.loads(line))
        names = [column[0] for column in cursor.description or []]
        answer = [[dict(zip(names, row)) for row in cursor.fetchall()], None]
    except sqlite3.Error as error:
        answer = [None, str(error)]
    print(json.dumps(answer), flush=True)
`

/**
 * A database file of its own, driven by the Python that is on most machines: a driver, as far as
 * anybody can tell. It ends with the tests.
 * @returns `null` where there is no Python with SQLite.
 */
export function sqlite(table: string): SqlQuery | null {
  if (spawnSync('python3', ['-c', 'import sqlite3']).status !== 0) return null
  const file = join(mkdtempSync(join(tmpdir(), 'authmux-sql-')), 'test.db')
  const { stdin, stdout } = spawn('python3', ['-c', PROGRAM, file, table], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const waiting: ((line: string) => void)[] = []
  createInterface({ input: stdout }).on('line', (line) => waiting.shift()?.(line))
  return async (text, values) => {
    const answer = new Promise<string>((resolve) => waiting.push(resolve))
    stdin.write(`${JSON.stringify([text, values])}\n`)
    const [rows, error] = JSON.parse(await answer)
    if (error !== null) throw new TypeError(error)
    return rows
  }
}
