'use server'

import { cookies } from 'next/headers'
import { getAuth } from './auth'
import { LAST_USER_COOKIE } from './last-user'

/** Remembers who is here. */
export async function remember(): Promise<void> {
  const { userId } = await getAuth()
  const attributes = { httpOnly: true, sameSite: 'lax', maxAge: 30 * 86_400 } as const
  if (userId) (await cookies()).set(LAST_USER_COOKIE, userId, attributes)
}
