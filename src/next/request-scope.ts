/** The request Next.js is handling, in server components, server actions and route handlers. */

import { parseSetCookie } from 'cookie'
import { cookies, headers } from 'next/headers.js'
import type { Ambient } from '../engine.js'
import { answerToThrown } from './thrown.js'

export const nextAmbient: Ambient = {
  async request() {
    return { headers: await headers() }
  },
  async send(added) {
    const setCookies = added.getSetCookie()
    if (setCookies.length === 0) return false
    try {
      const jar = await cookies()
      for (const text of setCookies) {
        const { name, value, ...attributes } = parseSetCookie(text)
        jar.set(name, value ?? '', attributes)
      }
      return true
    } catch {
      // Server components cannot set cookies; the token they could not replace is replaced by the
      // next request that can.
      return false
    }
  },
  answer: answerToThrown,
}
