'use client'

import { createContext, useContext } from 'react'

/** What the buttons of this app ask of a vendor's client. */
export interface SessionControls {
  /**
   * Fetches a new session token, with roles and permissions as they are now.
   * @returns `false` when the session is over.
   */
  refresh(): Promise<boolean>
  /** Ends the session in every tab of this browser, and opens a path of the app. */
  signOut(path: string): Promise<void>
}

export const ControlsContext = createContext<SessionControls | null>(null)

/** The vendor's client; `null` until it has been loaded. */
export function useControls(): SessionControls | null {
  return useContext(ControlsContext)
}
