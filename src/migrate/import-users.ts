/** `importUsers`: everybody at once, from one vendor into the other. */

import { configError } from '../errors.js'
import type { AuthProvider } from '../provider.js'
import type { NewPassword, ProviderUsers, UserAccount } from '../provider-users.js'
import type { Principal } from './identity-map.js'
import { obstacleOf } from './obstacle.js'
import { type Patience, patiently } from './patience.js'

/** Options of {@link importUsers}. */
export interface ImportUsersOptions {
  /** Where the users are: `clerk()`. Their ids there become the app's ids at the other vendor. */
  readonly from: AuthProvider
  /** Where they come to: `supertokens({ … })`. */
  readonly to: AuthProvider
  /** Where to go on: `cursor` of an earlier report. Default: from the beginning. */
  readonly cursor?: string | null
  /** Whether to count only, and make nobody; default `false`. */
  readonly dryRun?: boolean
  /**
   * The password of a user, as the old vendor's export has it: neither vendor's API gives it.
   * Default: nobody has one.
   */
  readonly passwordOf?: (account: UserAccount) => NewPassword | null | Promise<NewPassword | null>
  /** Writes down who is who: `(subject, userId) => map.link({ provider, subject }, userId)`. */
  readonly link?: (subject: Principal['subject'], userId: string) => Promise<boolean>
  /** Told after each page, and waited for: the place to keep `cursor`. */
  readonly onPage?: (report: ImportReport) => void | Promise<void>
  /** How many users are made at a time; default 4. */
  readonly concurrency?: number
  /** Waits before a call is made again, in milliseconds; default a timer. */
  readonly wait?: Patience['wait']
}

/** What has become of the users so far. */
export interface ImportReport {
  readonly total: number
  readonly created: number
  /** Those the vendor had already, under the app's id. */
  readonly present: number
  /** How many were left where they are, by reason. */
  readonly skipped: Readonly<Record<string, number>>
  /** Ids of users who were left, the first of each reason. */
  readonly examples: Readonly<Record<string, readonly string[]>>
  /** Where the next page begins; `null` when everybody has been looked at. */
  readonly cursor: string | null
}

const MAX_EXAMPLES = 20

const DEFAULT_CONCURRENCY = 4

/**
 * Makes every user of one vendor at the other who is not there yet, and waits where a vendor says so.
 * Again makes no difference: nobody is made twice.
 * @throws {AuthError} `provider_unavailable` after six attempts at one call; `config_invalid`. Go on
 * from the `cursor` of the last report.
 */
export async function importUsers(options: ImportUsersOptions): Promise<ImportReport> {
  const { from, to, concurrency = DEFAULT_CONCURRENCY, onPage } = options
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    const message = 'must be a whole number above 0'
    throw configError([{ name: 'importUsers({ concurrency })', message }])
  }
  const { list } = from.users ?? {}
  if (!list) throw lacks('from', from)
  const { subjectOf, create } = to.users ?? {}
  if (!subjectOf || !create) throw lacks('to', to)
  const target: Target = { subjectOf, create }
  const patience: Patience = { wait: options.wait ?? sleep }
  const tally = createTally()
  let cursor = options.cursor ?? null
  do {
    const start = cursor
    const page = await patiently(patience, () => list(start))
    for (let index = 0; index < page.accounts.length; index += concurrency) {
      const some = page.accounts.slice(index, index + concurrency)
      const calls = some.map((account) =>
        patiently(patience, () => importOne(account, target, options)),
      )
      // Nothing goes on behind the caller's back, also when one of them fails.
      const ends = await Promise.allSettled(calls)
      for (const [place, end] of ends.entries()) {
        if (end.status === 'rejected') throw end.reason
        tally.add(end.value, some[place]?.id ?? '')
      }
    }
    cursor = page.next
    await onPage?.(tally.report(cursor))
  } while (cursor !== null)
  return tally.report(cursor)
}

type Target = Pick<Required<ProviderUsers>, 'subjectOf' | 'create'>

/** @returns `created`, `present`, or the reason why neither. */
async function importOne(
  account: UserAccount,
  target: Target,
  { dryRun = false, passwordOf, link }: ImportUsersOptions,
): Promise<string> {
  const { id: appId, emails, name, createdAt, metadata } = account
  const present = await target.subjectOf(appId)
  if (present !== null) {
    return dryRun || (await link?.(present, appId)) !== false ? 'present' : 'link_taken'
  }
  const obstacle = obstacleOf(account)
  if (obstacle) return obstacle
  const password = (await passwordOf?.(account)) ?? null
  if (dryRun) return 'created'
  const made = await target.create({ appId, emails, name, createdAt, metadata, password })
  if (made.outcome === 'exists') return 'taken'
  if (made.outcome === 'refused') return made.reason
  return (await link?.(made.subject, appId)) === false ? 'link_taken' : 'created'
}

function createTally() {
  const counts = new Map<string, number>()
  const ids = new Map<string, string[]>()
  return {
    add(end: string, userId: string): void {
      counts.set(end, (counts.get(end) ?? 0) + 1)
      if (end === 'created' || end === 'present') return
      const examples = ids.get(end) ?? []
      if (examples.length < MAX_EXAMPLES) ids.set(end, [...examples, userId])
    },
    report(cursor: string | null): ImportReport {
      const { created = 0, present = 0, ...skipped } = Object.fromEntries(counts)
      const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
      return { total, created, present, skipped, examples: Object.fromEntries(ids), cursor }
    },
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function lacks(option: 'from' | 'to', { name }: AuthProvider) {
  const message = `${name} cannot ${option === 'from' ? 'list' : 'make'} users`
  return configError([{ name: `importUsers({ ${option} })`, message }])
}
