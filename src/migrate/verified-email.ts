/**
 * Linking by an address that both vendors have verified: opt-in, once per user, and only where there
 * is one user on each side it could mean.
 */

import { isPlainAddress, isSameAddress } from '../email-address.js'
import { configError } from '../errors.js'
import type { ProviderUsers, UserAccount } from '../provider-users.js'
import type { ActiveProvider } from '../resolve-provider.js'
import type { LinkRefusal, MigrationEvent } from './events.js'
import type { IdentityMap } from './identity-map.js'
import type { Sides } from './move-in.js'
import { obstacleOf } from './obstacle.js'

/** Two users who may be one person. */
export interface LinkCandidate {
  /** The app's id: that of the old vendor. */
  readonly userId: string
  /** Key of the new provider, and the id of the user there. */
  readonly provider: string
  readonly subject: string
  /** The address both vendors have verified. */
  readonly email: string
}

/** Whether two users are to be linked; `true` where nothing else speaks against it. */
export type LinkByVerifiedEmail = true | ((candidate: LinkCandidate) => boolean | Promise<boolean>)

/** What linking needs of the plan. */
export interface LinkPlan {
  readonly decide: LinkByVerifiedEmail
  readonly map: IdentityMap
  /** Both sides, as long as both are made. */
  sides(): Sides | null
  /** Told of every link and refusal, not waited for. */
  onEvent(event: MigrationEvent): void
  now(): number
}

/** How long a refusal is remembered, in milliseconds: what it is about takes a person to change. */
const REFUSED_FOR_MS = 60_000

const MAX_REMEMBERED = 10_000

/**
 * @returns a function that finds a user of the new vendor their id of the app, and writes it down;
 * `null` for one who has none. It throws {AuthError} `provider_unavailable`, `config_invalid`, and
 * what the map throws.
 */
export function createLinker(plan: LinkPlan): (subject: string) => Promise<string | null> {
  const refused = new Map<string, number>()
  return async (subject) => {
    const sides = plan.sides()
    if (!sides || plan.now() < (refused.get(subject) ?? 0)) return null
    const { userId, reason } = await judge(plan, sides, subject)
    // Nobody there to be linked to is no event.
    if (reason === null && userId === null) return null
    const type = reason === null ? 'user-linked' : 'link-refused'
    const { from, to } = sides
    const id = userId ?? `${to.name}:${subject}`
    const at = new Date(plan.now())
    plan.onEvent({ type, userId: id, from: from.name, to: to.name, reason, at })
    if (reason === null) return userId
    if (refused.size >= MAX_REMEMBERED) refused.clear()
    refused.set(subject, plan.now() + REFUSED_FOR_MS)
    return null
  }
}

interface Judgement {
  /** The user of the old vendor, once there is one. */
  readonly userId: string | null
  /** `null` where the two are linked, or there is nobody. */
  readonly reason: LinkRefusal | null
}

async function judge(
  { map, decide }: LinkPlan,
  { from, to }: Sides,
  subject: string,
): Promise<Judgement> {
  const [there, here] = [usersOf(to), usersOf(from)]
  const nobody: Judgement = { userId: null, reason: null }
  const refuse = (reason: LinkRefusal, userId: string | null = null) => ({ userId, reason })
  const record = await there.get(subject)
  if (!record) return nobody
  const matches: Match[] = []
  for (const { address, verified } of record.emails) {
    const holders = await here.findByEmail(address)
    for (const account of holders) matches.push({ account, address, verified })
  }
  const [first, ...others] = matches
  if (!first) return nobody
  // The vendor has an id for them that is not in the map: it may be somebody else's.
  if ((await there.appId?.(subject)) != null) return refuse('taken')
  const userId = first.account.id
  if (others.some(({ account }) => account.id !== userId)) return refuse('ambiguous')
  const proven = matches.find(
    ({ account, address, verified }) => verified && isVerifiedFor(account, address),
  )
  if (!proven) return refuse('unverified', userId)
  const { account, address: email } = proven
  const doubles = await there.findByEmail(email)
  // What a vendor folds into one letter must not make two people one.
  if (doubles.some(({ id }) => id !== subject) || !isPlainAddress(email)) {
    return refuse('ambiguous', userId)
  }
  const [self] = doubles
  if (!self || !isVerifiedFor(self, email)) return refuse('unverified', userId)
  const obstacle = obstacleOf(account)
  if (obstacle) return refuse(obstacle, userId)
  if ((await map.findSubject(to.name, userId)) !== null) return refuse('taken', userId)
  if ((await there.subjectOf?.(userId)) != null) return refuse('taken', userId)
  const candidate = { userId, provider: to.name, subject, email }
  if (decide !== true && (await decide(candidate)) !== true) return refuse('declined', userId)
  const isLinked = await map.link({ provider: to.name, subject }, userId)
  return isLinked ? { userId, reason: null } : refuse('taken', userId)
}

interface Match {
  readonly account: UserAccount
  readonly address: string
  readonly verified: boolean
}

function isVerifiedFor({ emails }: UserAccount, address: string): boolean {
  return emails.some((its) => its.verified && isSameAddress(its.address, address))
}

type LinkableUsers = ProviderUsers & Pick<Required<ProviderUsers>, 'findByEmail'>

/** @throws {AuthError} `config_invalid`. */
function usersOf({ name, provider: { users } }: ActiveProvider): LinkableUsers {
  if (users?.findByEmail) return users as LinkableUsers
  throw configError([
    { name: `providers.${name}`, message: 'cannot find users by their addresses' },
  ])
}
