/** Whose form and menu a page shows, and whose clients it needs. */

import type { Auth } from 'authmux'
import { cookies } from 'next/headers'
import { getAuth, plan } from './auth'
import { LAST_USER_COOKIE } from './last-user'

export interface InCharge {
  /** Who is there; `null` while a vendor does not answer. */
  readonly auth: Auth | null
  /** Whether the browser remembers them. */
  readonly isRemembered: boolean
  /** Every vendor that counts, the one in charge last: the innermost client of a page wins. */
  readonly vendors: readonly string[]
}

export async function readInCharge(): Promise<InCharge> {
  const auth = await getAuth().catch(() => null)
  const lastUser = (await cookies()).get(LAST_USER_COOKIE)?.value ?? null
  const first = auth?.provider ?? plan.signInProvider(lastUser)
  const vendors = plan.accepted(Date.now())
  const others = vendors.filter((name) => name !== first)
  return {
    auth,
    isRemembered: auth?.userId === lastUser,
    vendors: first !== null && vendors.includes(first) ? [...others, first] : others,
  }
}
