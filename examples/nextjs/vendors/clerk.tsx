'use client'

import {
  ClerkProvider,
  SignIn as ClerkSignIn,
  UserButton,
  useClerk,
  useSession,
} from '@clerk/nextjs'
import { type ReactNode, useMemo } from 'react'
import type { ClientSettings } from '../lib/settings'
import { appearance } from './clerk-appearance'
import { ControlsContext, type SessionControls } from './controls'

/** Clerk's client around the app. */
export function Provider({
  settings,
  children,
}: {
  settings: ClientSettings
  children: ReactNode
}) {
  return (
    <ClerkProvider
      {...settings.clerk}
      signInUrl="/sign-in"
      afterSignOutUrl="/"
      telemetry={false}
      appearance={appearance}
    >
      <Controls>{children}</Controls>
    </ClerkProvider>
  )
}

function Controls({ children }: { children: ReactNode }) {
  const clerk = useClerk()
  const { session } = useSession()
  const controls = useMemo<SessionControls | null>(
    () =>
      session
        ? {
            refresh: async () => (await session.getToken({ skipCache: true })) !== null,
            async signOut(path) {
              await clerk.signOut({ redirectUrl: path })
              // Clerk changes the page in place; loaded anew, nothing of the session is left in it.
              window.location.assign(path)
            },
          }
        : null,
    [clerk, session],
  )
  return <ControlsContext value={controls}>{children}</ControlsContext>
}

/** Clerk's own form, for signing in and up. */
export function SignIn({ returnTo }: { returnTo: string }) {
  return (
    <ClerkSignIn
      path="/sign-in"
      withSignUp
      forceRedirectUrl={returnTo}
      signUpForceRedirectUrl={returnTo}
    />
  )
}

/** Clerk's own menu. */
export function UserMenu() {
  return <UserButton />
}
