/** Where an app keeps which users of its vendors are which users of its own. */

/** A user as one vendor knows them; equal subjects at two vendors are two people. */
export interface Principal {
  /** Key of the provider in `providers`. */
  readonly provider: string
  /** Id of the user at that vendor. */
  readonly subject: string
}

/** The app's own table of who is who. */
export interface IdentityMap {
  /** The app's id for a user of a vendor; `null` for one it does not know. */
  find(principal: Principal): Promise<string | null>
  /** A vendor's id for a user of the app; `null` when they have none there. */
  findSubject(provider: string, userId: string): Promise<string | null>
  /**
   * Writes down that two are the same person; again makes no difference.
   * @returns `false`, and nothing is written, when either of them is somebody else's already.
   */
  link(principal: Principal, userId: string): Promise<boolean>
}

/** A table in memory, gone with the process: for tests and examples. */
export function memoryIdentityMap(
  links: Iterable<Principal & { readonly userId: string }> = [],
): IdentityMap {
  const users = new Map<string, string>()
  const subjects = new Map<string, string>()
  const key = (...parts: readonly string[]) => JSON.stringify(parts)

  function put({ provider, subject }: Principal, userId: string): boolean {
    const present = users.get(key(provider, subject))
    const other = subjects.get(key(provider, userId))
    if ((present ?? userId) !== userId || (other ?? subject) !== subject) return false
    users.set(key(provider, subject), userId)
    subjects.set(key(provider, userId), subject)
    return true
  }

  for (const { userId, ...principal } of links) put(principal, userId)
  return {
    find: async ({ provider, subject }) => users.get(key(provider, subject)) ?? null,
    findSubject: async (provider, userId) => subjects.get(key(provider, userId)) ?? null,
    link: async (principal, userId) => put(principal, userId),
  }
}
