'use client'

import { useClerk } from '@clerk/nextjs'
import { handOver } from 'authmux/migrate/browser'
import { useEffect } from 'react'

/** Hands the session over to the vendor where it belongs, without the person noticing. */
export function MoveSession() {
  const { loaded, client, setActive } = useClerk()
  useEffect(() => {
    if (!loaded || !client) return
    const signInWithTicket = async (ticket: string) => {
      const { status, createdSessionId } = await client.signIn.create({
        strategy: 'ticket',
        ticket,
      })
      if (status === 'complete') await setActive({ session: createdSessionId })
    }
    void handOver({ signInWithTicket }).then((result) => {
      // The menu and the buttons of the page are those of the vendor before.
      if (result === 'moved') window.location.reload()
    })
  }, [loaded, client, setActive])
  return null
}
