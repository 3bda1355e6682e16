/** An identity map in a table of the app's own database, through the driver the app has. */

import { type SqlTableOptions, sqlParameters } from '../sql.js'
import type { IdentityMap } from './identity-map.js'

/**
 * Keeps ids in a table with three columns and both keys: without those, two links at once could make one
 * person two, or two one. `table` is `authmux_identities` by default.
 *
 * ```sql
 * CREATE TABLE authmux_identities (
 *   provider VARCHAR(64) NOT NULL, subject VARCHAR(255) NOT NULL, user_id VARCHAR(255) NOT NULL,
 *   PRIMARY KEY (provider, subject), UNIQUE (provider, user_id)
 * )
 * ```
 * @throws {AuthError} `config_invalid` for a table name that would have to be quoted.
 */
export function sqlIdentityMap({
  query,
  table = 'authmux_identities',
  parameters,
}: SqlTableOptions): IdentityMap {
  const [first, second, third] = sqlParameters('sqlIdentityMap', table, parameters)

  async function readOne(column: string, where: string, values: readonly string[]) {
    const text = `SELECT ${column} AS found FROM ${table} WHERE provider = ${first} AND ${where} = ${second}`
    const [row] = await query(text, values)
    return typeof row?.found === 'string' ? row.found : null
  }

  const find: IdentityMap['find'] = ({ provider, subject }) =>
    readOne('user_id', 'subject', [provider, subject])
  const findSubject: IdentityMap['findSubject'] = (provider, userId) =>
    readOne('subject', 'user_id', [provider, userId])

  return {
    find,
    findSubject,
    async link({ provider, subject }, userId) {
      const columns = '(provider, subject, user_id)'
      const text = `INSERT INTO ${table} ${columns} VALUES (${first}, ${second}, ${third})`
      try {
        await query(text, [provider, subject, userId])
        return true
      } catch (error) {
        // Every driver words a broken key differently; what is in the table says the same for all.
        if ((await find({ provider, subject })) === userId) return true
        if ((await find({ provider, subject })) !== null) return false
        if ((await findSubject(provider, userId)) !== null) return false
        throw error
      }
    },
  }
}
