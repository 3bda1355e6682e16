/** What the users of both vendors are called in the app: the ids of the old vendor, on both sides. */

import { AuthError, configError, isAuthError } from '../errors.js'
import { readClaim } from '../jwt/claim-path.js'
import type { ProviderSession } from '../provider.js'
import type { ActiveProvider } from '../resolve-provider.js'
import type { IdentityMap, Principal } from './identity-map.js'
import type { LinkByVerifiedEmail } from './verified-email.js'

/** How sessions of the new vendor come to the app's ids. */
export interface IdentityOptions {
  /** The app's own table; default what the new vendor keeps with its users. */
  readonly map?: IdentityMap
  /**
   * Claim of the new vendor's session tokens that holds the app's id, by dotted path. Only for a
   * claim that users cannot set themselves. Default: every user is looked up once and remembered.
   */
  readonly claim?: string
  /**
   * What becomes of users of the new vendor without an id of the app: `refuse` (default) with 403,
   * or `namespace`: they are called `provider:subject`.
   */
  readonly unmapped?: 'refuse' | 'namespace'
  /** How long a looked-up id is remembered, in seconds; default 300. */
  readonly cacheSeconds?: number
  /**
   * Whether users of the new vendor without an id of the app are linked to the one user of the old
   * vendor who has the same address, where both vendors have verified it. Needs `map`; default never.
   */
  readonly linkByVerifiedEmail?: LinkByVerifiedEmail
}

/** The part of a session that says who it is. */
export type Claimant = Pick<ProviderSession, 'subject' | 'claims'>

/** Ids of users of the new vendor, found and remembered. */
export interface Identities {
  /**
   * Id of a user in the app.
   * @throws {AuthError} `forbidden` for one without; `provider_unavailable`, `config_invalid`.
   */
  userIdOf(active: ActiveProvider, claimant: Claimant, now: number): string | Promise<string>
  /**
   * The same as far as no vendor has to be asked.
   * @returns `undefined` where one would have to be, or the map does not answer; `null` for a user
   * without an id.
   */
  knownUserIdOf(
    active: ActiveProvider,
    claimant: Claimant,
    now: number,
  ): Promise<string | null | undefined>
  /** The same for a user without a session, and `null` for one without an id. */
  appIdOf(user: Principal, readAppId: () => Promise<string | null>): Promise<string | null>
  /** The reverse; `null` when the vendor knows no such user. */
  subjectOf(active: ActiveProvider, userId: string): Promise<string | null>
}

/** How many looked-up ids are remembered. */
const MAX_REMEMBERED = 10_000

/** How long it is remembered that somebody has no id, in milliseconds: they may get one any moment. */
const UNMAPPED_FOR_MS = 5000

const DEFAULT_CACHE_SECONDS = 300

interface Remembered {
  readonly userId: Promise<string | null>
  expiresAt: number
}

/**
 * @param to Key of the new provider.
 * @param link Finds an id for somebody who has none in the map, and writes it there.
 */
export function identitiesOf(
  to: string,
  { map, claim, unmapped = 'refuse', cacheSeconds = DEFAULT_CACHE_SECONDS }: IdentityOptions,
  link: (subject: string) => Promise<string | null> = async () => null,
): Identities {
  const remembered = new Map<string, Remembered>()
  const namespace = `${to}:`
  const path = claim?.split('.')

  async function ask({ provider }: ActiveProvider, subject: string): Promise<string | null> {
    if (map) {
      const userId = await map.find({ provider: to, subject }).catch(passOn)
      return userId ?? link(subject).catch(passOn)
    }
    const { users } = provider
    if (!users?.appId) throw lacks(to)
    return users.appId(subject)
  }

  function lookUp(active: ActiveProvider, subject: string, now: number): Promise<string | null> {
    const known = remembered.get(subject)
    if (known && now < known.expiresAt) return known.userId
    const entry: Remembered = { userId: ask(active, subject), expiresAt: now + cacheSeconds * 1000 }
    remembered.delete(subject)
    remembered.set(subject, entry)
    const [oldest] = remembered.keys()
    if (remembered.size > MAX_REMEMBERED && oldest !== undefined) remembered.delete(oldest)
    entry.userId.then(
      (userId) => {
        if (userId === null) entry.expiresAt = Math.min(entry.expiresAt, now + UNMAPPED_FOR_MS)
      },
      () => {
        if (remembered.get(subject) === entry) remembered.delete(subject)
      },
    )
    return entry.userId
  }

  /** An id that looks like one of those made up here would make two people one. */
  function settleOrNull(userId: string | null, subject: string): string | null {
    if (userId !== null && userId !== '' && !userId.startsWith(namespace)) return userId
    return userId === null && unmapped === 'namespace' ? namespace + subject : null
  }

  function settle(found: string | null, subject: string): string {
    const userId = settleOrNull(found, subject)
    if (userId === null) throw unknownUser()
    return userId
  }

  /** @returns `undefined` where no claim says anything. */
  function claimedId({ subject, claims }: Claimant): string | undefined {
    const claimed = path && readClaim(claims, path)
    // A claim that falls back to the vendor's own id says that there is no other.
    const isThere = typeof claimed === 'string' && claimed !== '' && claimed !== subject
    return isThere ? claimed : undefined
  }

  return {
    userIdOf(active, claimant, now) {
      const { subject } = claimant
      if (active.name !== to) return settle(subject, subject)
      const claimed = claimedId(claimant)
      if (claimed !== undefined) return settle(claimed, subject)
      return lookUp(active, subject, now).then((userId) => settle(userId, subject))
    },
    async knownUserIdOf(active, claimant, now) {
      const { subject } = claimant
      if (active.name !== to) return settleOrNull(subject, subject)
      const claimed = claimedId(claimant)
      if (claimed !== undefined) return settleOrNull(claimed, subject)
      const known = remembered.get(subject)
      const isKnown = known !== undefined && now < known.expiresAt
      const found = isKnown ? known.userId : map && lookUp(active, subject, now)
      return found?.then((userId) => settleOrNull(userId, subject)).catch(() => undefined)
    },
    async appIdOf({ provider, subject }, readAppId) {
      if (provider !== to) return settleOrNull(subject, subject)
      const userId = map ? await map.find({ provider, subject }).catch(passOn) : await readAppId()
      return settleOrNull(userId, subject)
    },
    async subjectOf(active, userId) {
      const { users } = active.provider
      if (active.name !== to) return userId.startsWith(namespace) ? null : userId
      if (userId.startsWith(namespace)) return userId.slice(namespace.length)
      if (map) return map.findSubject(to, userId).catch(passOn)
      if (!users?.subjectOf) throw lacks(to)
      return users.subjectOf(userId)
    },
  }
}

/** A table that does not answer is an outage, and says nothing about the user. */
function passOn(error: unknown): never {
  if (isAuthError(error)) throw error
  throw new AuthError('provider_unavailable', 'The identity map does not answer', { cause: error })
}

function unknownUser(): AuthError {
  return new AuthError('forbidden', 'The app does not know this user of the new vendor yet', {
    details: { unmet: { field: 'userId', expected: null } },
  })
}

function lacks(to: string): AuthError {
  const message = 'keeps no ids of the app. Give cutOver an identity.map'
  return configError([{ name: `providers.${to}`, message }])
}
