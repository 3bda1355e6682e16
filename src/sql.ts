/** The app's own database, through the driver the app has. */

import { configError } from './errors.js'

/**
 * Runs one statement and gives its rows: `(text, values) => pool.query(text, values).then((r) => r.rows)`
 * for `pg`. A rejection is passed on as it is.
 */
export type SqlQuery = (
  text: string,
  values: readonly string[],
) => Promise<readonly Readonly<Record<string, unknown>>[]>

/** How a database spells parameters: `$1` (PostgreSQL) or `?` (SQLite, MySQL). */
export type ParameterStyle = '$1' | '?'

/** A table of the app's. */
export interface SqlTableOptions {
  readonly query: SqlQuery
  /** Name of the table, which a migration of the app's own makes. */
  readonly table?: string
  /** Default `$1`. */
  readonly parameters?: ParameterStyle
}

/**
 * The parameters of a statement, as the database spells them.
 * @param factory Name of the function that takes the table, for the message.
 * @throws {AuthError} `config_invalid` for a table name that would have to be quoted.
 */
export function sqlParameters(
  factory: string,
  table: string,
  style: ParameterStyle = '$1',
): readonly [string, string, string, string, string, string] {
  if (!/^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)?$/.test(table)) {
    throw configError([{ name: `${factory}({ table })`, message: 'is not a plain table name' }])
  }
  return style === '?' ? ['?', '?', '?', '?', '?', '?'] : ['$1', '$2', '$3', '$4', '$5', '$6']
}
