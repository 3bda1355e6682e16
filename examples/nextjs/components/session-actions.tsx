'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { useControls } from '../vendors/controls'

/** What a person can do with the session. */
export function SessionActions() {
  const controls = useControls()
  const router = useRouter()
  const [message, setMessage] = useState('')
  const [isBusy, setIsBusy] = useState(false)

  async function run(work: () => Promise<void>): Promise<void> {
    setIsBusy(true)
    setMessage('')
    try {
      await work()
    } catch {
      setMessage('That did not work. Is the server still running?')
    } finally {
      setIsBusy(false)
    }
  }

  const actions: readonly { readonly text: string; run(): Promise<void> }[] = [
    {
      text: 'Refresh session',
      async run() {
        const isAlive = await controls?.refresh()
        router.refresh()
        setMessage(isAlive ? 'This is a new token, with your roles as they are now.' : '')
      },
    },
    { text: 'Sign in again', run: async () => controls?.signOut('/sign-in?returnTo=%2F') },
    { text: 'Sign out', run: async () => controls?.signOut('/') },
    {
      text: 'Sign out everywhere',
      async run() {
        const { ok, status } = await fetch('/api/sign-out/everywhere', { method: 'POST' })
        if (ok) await controls?.signOut('/')
        else setMessage(`The server answered ${status}.`)
      },
    },
  ]

  return (
    <>
      <div className="actions">
        {actions.map((action) => (
          <button
            key={action.text}
            type="button"
            className="quiet"
            disabled={isBusy || controls === null}
            onClick={() => void run(action.run)}
          >
            {action.text}
          </button>
        ))}
      </div>
      <p role="status">{message}</p>
    </>
  )
}
