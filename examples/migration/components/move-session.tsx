'use client'

import { useClerk } from '@clerk/nextjs'
import { handOver } from 'authmux/migrate/browser'
import { useEffect } from 'react'

/** Key of the vendor whose session the browser has now; `null` without one. */
async function readProvider(): Promise<string | null> {
  const response = await fetch('/api/me', { cache: 'no-store' })
  return response.ok ? (await response.json()).provider : null
}

/**
 * Hands the session over to the vendor where it belongs, without the person noticing.
 * @param provider The vendor whose session the page was rendered with.
 */
export function MoveSession({ provider }: { provider: string }) {
  const { addListener, setActive } = useClerk()
  useEffect(() => {
    let isBegun = false
    // Told as soon as ClerkJS knows its client; the hook alone may not render again for that.
    return addListener(({ client }) => {
      if (isBegun || !client) return
      isBegun = true
      const signInWithTicket = async (ticket: string) => {
        const { status, createdSessionId } = await client.signIn.create({
          strategy: 'ticket',
          ticket,
        })
        if (status === 'complete') await setActive({ session: createdSessionId })
      }
      async function move() {
        if ((await handOver({ signInWithTicket })) === 'kept') return
        // Moved here or by another tab, the menu and the buttons are those of the vendor before.
        if (![provider, null].includes(await readProvider())) window.location.reload()
      }
      move().catch(() => undefined)
    })
  }, [addListener, setActive, provider])
  return null
}
