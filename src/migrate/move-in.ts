/**
 * Users who come to the new vendor when they sign in there for the first time: the old vendor has
 * proven their password, the new one gets it, and the app's id stays.
 */

import { isSameAddress } from '../email-address.js'
import { configError } from '../errors.js'
import type { EmailAddress, ProviderUsers, UserAccount } from '../provider-users.js'
import type { ActiveProvider } from '../resolve-provider.js'
import { createAttempts } from './attempts.js'
import type { MigrationEvent, MoveInRefusal } from './events.js'
import type { IdentityMap } from './identity-map.js'
import { obstacleOf } from './obstacle.js'

/** What became of somebody who may be to be moved. */
export type MoveInResult =
  /** The new vendor knows them and their password now: sign them in there. */
  | { readonly outcome: 'moved'; readonly userId: string }
  /** Nothing was done: a wrong password, nobody known, or somebody who is there already. */
  | { readonly outcome: 'unchanged' }
  /** The old vendor has proven who they are, and they stay there all the same. */
  | { readonly outcome: 'refused'; readonly reason: MoveInRefusal }
  /** Too many attempts with this address. */
  | { readonly outcome: 'limited'; readonly retryAfterSeconds: number }

/** What moving in needs of the plan. */
export interface MoveInPlan {
  /** The two sides; `null` unless both count. */
  sides(): Sides | null
  /** Key of the provider a user belongs to now; `null` when no vendor counts any more. */
  signInProvider(userId: string): string | null
  subjectOf(active: ActiveProvider, userId: string): Promise<string | null>
  readonly map: IdentityMap | undefined
  /** Told of what happens, not waited for. */
  onEvent(event: MigrationEvent): void
  /** Milliseconds since the epoch. */
  now(): number
}

/** The vendor users come from, and the one they come to. */
export interface Sides {
  readonly from: ActiveProvider
  readonly to: ActiveProvider
}

/** Ways in, for somebody at the new vendor's forms. */
export interface MoveIn {
  /** @throws {AuthError} `provider_unavailable`, `config_invalid`. */
  signIn(address: string, password: string): Promise<MoveInResult>
  /**
   * Whether an address is that of a user who is still at the old vendor only.
   * @throws {AuthError} `provider_unavailable`, `config_invalid`.
   */
  isElsewhere(address: string): Promise<boolean>
  /**
   * Whom a new password may be sent to: a user who is still at the old vendor only, and whose address
   * it has verified; `null` for everybody else. Makes nobody.
   * @throws {AuthError} `provider_unavailable`, `config_invalid`.
   */
  findResettable(address: string): Promise<{ userId: string; address: string } | null>
  /**
   * Makes the user whom `findResettable` finds.
   * @param password The new one, chosen by the owner of the address; `null` before that.
   * @throws {AuthError} `provider_unavailable`, `config_invalid`.
   */
  reset(address: string, password: string | null): Promise<MoveInResult>
}

const UNCHANGED: MoveInResult = { outcome: 'unchanged' }

/** @returns what remembers, within this process, who is being moved and how often somebody asked. */
export function createMoveIn(plan: MoveInPlan): MoveIn {
  const attempts = createAttempts()
  const underWay = new Map<string, Moving>()

  function limit(address: string): MoveInResult | null {
    const waitMs = attempts.wait(address.trim().toLowerCase(), plan.now())
    if (waitMs === 0) return null
    return { outcome: 'limited', retryAfterSeconds: Math.ceil(waitMs / 1000) }
  }

  function belongs({ account }: Newcomer, { to }: Sides): boolean {
    return plan.signInProvider(account.id) === to.name
  }

  /**
   * Whoever asks for the same user at the same time, and with the same password, gets the same answer;
   * with another one, or with none, they are next.
   */
  async function moveOnce(newcomer: Newcomer, sides: Sides): Promise<MoveInResult> {
    const { account, address, password } = newcomer
    if (!belongs(newcomer, sides)) return UNCHANGED
    const other = underWay.get(account.id)
    if (other?.password === password) return other.result
    const moving: Moving = {
      password,
      result: (async () => {
        await other?.result.catch(() => undefined)
        const there = other ? await holdersOf(sides.to, address) : newcomer.there
        return move(plan, { ...newcomer, there }, sides)
      })().finally(() => {
        if (underWay.get(account.id) === moving) underWay.delete(account.id)
      }),
    }
    underWay.set(account.id, moving)
    return moving.result
  }

  return {
    async signIn(address, password) {
      const sides = plan.sides()
      if (!sides) return UNCHANGED
      const limited = limit(address)
      if (limited) return limited
      if (password === '') return UNCHANGED
      const there = await holdersOf(sides.to, address)
      if (there.some(({ verified, account }) => verified && account.hasPassword)) return UNCHANGED
      const account = await usersOf(sides.from).verifyPassword(address, password)
      if (!account) return UNCHANGED
      return moveOnce({ account, address, password, there }, sides)
    },
    async isElsewhere(address) {
      const sides = plan.sides()
      if (!sides) return false
      if ((await holdersOf(sides.to, address)).some(({ isIdentifier }) => isIdentifier))
        return false
      return (await holdersOf(sides.from, address)).some(({ isIdentifier }) => isIdentifier)
    },
    async findResettable(address) {
      const sides = plan.sides()
      const newcomer = sides && (await findByAddress(sides, address, null))
      if (!newcomer || !belongs(newcomer, sides) || obstacleOf(newcomer.account)) return null
      const { id: userId, emails } = newcomer.account
      const known = emails.find((its) => isSameAddress(its.address, address))
      return known ? { userId, address: known.address } : null
    },
    async reset(address, password) {
      const sides = plan.sides()
      if (!sides) return UNCHANGED
      const limited = limit(address)
      if (limited) return limited
      const newcomer = await findByAddress(sides, address, password)
      return newcomer ? moveOnce(newcomer, sides) : UNCHANGED
    },
  }
}

/** The one user of an address that the old vendor has verified, and nobody has at the new one. */
async function findByAddress(
  { from, to }: Sides,
  address: string,
  password: string | null,
): Promise<Newcomer | null> {
  const there = await holdersOf(to, address)
  if (there.some(({ isIdentifier }) => isIdentifier)) return null
  const [holder, ...others] = await holdersOf(from, address)
  if (!holder?.verified || !holder.isIdentifier || others.length > 0) return null
  return { account: holder.account, address, password, there }
}

/** Somebody to be moved. */
interface Newcomer {
  /** Their account at the old vendor. */
  readonly account: UserAccount
  /** Address they have come with. */
  readonly address: string
  readonly password: string | null
  /** Who has that address at the new vendor. */
  readonly there: readonly Holder[]
}

/** A move that has begun, and the password it is made with. */
interface Moving extends Pick<Newcomer, 'password'> {
  readonly result: Promise<MoveInResult>
}

/** Somebody who has an address, and how. */
interface Holder extends Pick<EmailAddress, 'verified' | 'isIdentifier'> {
  readonly account: UserAccount
}

/** Makes one user, or gives a password to one who was made without. */
async function move(
  plan: MoveInPlan,
  { account, address, password, there }: Newcomer,
  { from, to }: Sides,
): Promise<MoveInResult> {
  const { id: userId, name, createdAt, metadata } = account
  const end = (reason: MoveInRefusal | null): MoveInResult => {
    const type = reason === null ? 'user-moved-in' : 'move-in-refused'
    plan.onEvent({ type, userId, from: from.name, to: to.name, reason, at: new Date(plan.now()) })
    return reason === null ? { outcome: 'moved', userId } : { outcome: 'refused', reason }
  }
  const obstacle = obstacleOf(account)
  if (obstacle) return end(obstacle)
  const users = usersOf(to)
  const present = await plan.subjectOf(to, userId)
  if (present !== null) {
    const waits = there.some((its) => its.account.id === present && !its.account.hasPassword)
    if (!waits || password === null) return UNCHANGED
    return (await users.setPassword?.(present, password)) ? end(null) : end('not_accepted')
  }
  const creation = await users.create({
    appId: userId,
    name,
    createdAt,
    metadata,
    emails: account.emails.toSorted((one, other) => Number(isIts(other)) - Number(isIts(one))),
    password: password === null ? null : { plain: password },
  })
  if (creation.outcome === 'refused') return end('not_accepted')
  // Another process may have been quicker; somebody else who has the address is another matter.
  const subject =
    creation.outcome === 'created' ? creation.subject : await users.subjectOf?.(userId)
  if (!subject) return end('taken')
  const isLinked = (await plan.map?.link({ provider: to.name, subject }, userId)) ?? true
  return isLinked ? end(null) : end('taken')

  function isIts(its: EmailAddress): boolean {
    return isSameAddress(its.address, address)
  }
}

async function holdersOf(active: ActiveProvider, address: string): Promise<readonly Holder[]> {
  const accounts = await usersOf(active).findByEmail(address)
  return accounts.flatMap((account) =>
    account.emails
      .filter((its) => isSameAddress(its.address, address))
      .map(({ verified, isIdentifier }) => ({ account, verified, isIdentifier })),
  )
}

type MovableUsers = ProviderUsers &
  Pick<Required<ProviderUsers>, 'findByEmail' | 'verifyPassword' | 'create'>

/** @throws {AuthError} `config_invalid`. */
function usersOf({ name, provider: { users } }: ActiveProvider): MovableUsers {
  if (users?.findByEmail && users.verifyPassword && users.create) return users as MovableUsers
  throw configError([{ name: `providers.${name}`, message: 'cannot move users' }])
}
