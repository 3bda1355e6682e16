/** Histories of users in a table of the app's own database, through the driver the app has. */

import { type SqlTableOptions, sqlParameters } from '../sql.js'
import type { UserEventStore } from './store.js'

/**
 * Keeps histories in a table with five columns and their key; `table` is `authmux_user_events` by default. It
 * holds ids and times, and a user's record only while an event that brought it waits.
 *
 * ```sql
 * CREATE TABLE authmux_user_events (
 *   provider VARCHAR(64) NOT NULL, subject VARCHAR(255) NOT NULL, version VARCHAR(36) NOT NULL,
 *   history TEXT NOT NULL, waiting VARCHAR(3) NOT NULL, PRIMARY KEY (provider, subject)
 * )
 * ```
 * @throws {AuthError} `config_invalid` for a table name that would have to be quoted.
 */
export function sqlUserEventStore({
  query,
  table = 'authmux_user_events',
  parameters,
}: SqlTableOptions): UserEventStore {
  const [p1, p2, p3, p4, p5, p6] = sqlParameters('sqlUserEventStore', table, parameters)

  const read: UserEventStore['read'] = async ({ provider, subject }) => {
    const text = `SELECT version, history FROM ${table} WHERE provider = ${p1} AND subject = ${p2}`
    const [row] = await query(text, [provider, subject])
    return row ? { version: String(row.version), text: String(row.history) } : null
  }

  return {
    read,
    async write(user, { version, text, isWaiting }, previous) {
      const { provider, subject } = user
      const values = [version, text, isWaiting ? 'yes' : 'no', provider, subject]
      const columns = '(version, history, waiting, provider, subject)'
      try {
        if (previous === null) {
          const added = `(${p1}, ${p2}, ${p3}, ${p4}, ${p5})`
          await query(`INSERT INTO ${table} ${columns} VALUES ${added}`, values)
          return true
        }
        const changed = `version = ${p1}, history = ${p2}, waiting = ${p3}`
        const found = `provider = ${p4} AND subject = ${p5} AND version = ${p6}`
        await query(`UPDATE ${table} SET ${changed} WHERE ${found}`, [...values, previous])
      } catch (error) {
        // Every driver words a broken key differently; what is in the table says the same for all.
        const present = await read(user)
        if (present?.version === previous || !present) throw error
      }
      // How many rows were changed, every driver says in its own way.
      return (await read(user))?.version === version
    },
    async waiting() {
      const found = `FROM ${table} WHERE waiting = ${p1} ORDER BY version LIMIT 100`
      const text = `SELECT provider, subject ${found}`
      const rows = await query(text, ['yes'])
      return rows.map(({ provider, subject }) => ({
        provider: String(provider),
        subject: String(subject),
      }))
    },
  }
}
