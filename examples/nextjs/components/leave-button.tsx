'use client'

import { useControls } from '../vendors/controls'

/**
 * A button that signs out on the server, and then in the browser: a vendor's client that is not
 * told keeps the token it has, and puts it back into the cookie.
 */
export function LeaveButton({ leave }: { leave: () => Promise<void> }) {
  const controls = useControls()
  return (
    <button
      type="button"
      id="leave"
      className="quiet"
      disabled={controls === null}
      onClick={async () => {
        await leave()
        await controls?.signOut('/')
      }}
    >
      Sign out
    </button>
  )
}
