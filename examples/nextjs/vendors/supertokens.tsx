'use client'

import { type ReactNode, useEffect, useState } from 'react'
import SuperTokens, { SuperTokensWrapper } from 'supertokens-auth-react'
import EmailPassword from 'supertokens-auth-react/recipe/emailpassword'
import { EmailPasswordPreBuiltUI } from 'supertokens-auth-react/recipe/emailpassword/prebuiltui'
import Session from 'supertokens-auth-react/recipe/session'
import { canHandleRoute, getRoutingComponent } from 'supertokens-auth-react/ui'
import { toAppInfo } from '../lib/app-info'
import { toReturnPath } from '../lib/return-path'
import type { ClientSettings } from '../lib/settings'
import { ControlsContext, type SessionControls } from './controls'
import { style } from './supertokens-style'

const controls: SessionControls = {
  refresh: () => Session.attemptRefreshingSession(),
  async signOut(path) {
    await Session.signOut()
    window.location.assign(path)
  },
}

let isStarted = false

function start({ origin, sessionExpiredStatusCode = 401 }: ClientSettings): void {
  if (isStarted) return
  isStarted = true
  SuperTokens.init({
    appInfo: toAppInfo(origin),
    style,
    getRedirectionURL: async ({ action }) =>
      action === 'SUCCESS'
        ? toReturnPath(new URLSearchParams(window.location.search).get('returnTo'))
        : undefined,
    recipeList: [EmailPassword.init(), Session.init({ sessionExpiredStatusCode })],
  })
}

/** SuperTokens' client around the app: from here on, `fetch` refreshes sessions by itself. */
export function Provider({
  settings,
  children,
}: {
  settings: ClientSettings
  children: ReactNode
}) {
  if (typeof window !== 'undefined') start(settings)
  return (
    <ControlsContext value={controls}>
      <SuperTokensWrapper>{children}</SuperTokensWrapper>
    </ControlsContext>
  )
}

/** SuperTokens' own forms: sign-in, sign-up, forgotten password. */
export function SignIn() {
  const [isInBrowser, setIsInBrowser] = useState(false)
  useEffect(() => setIsInBrowser(true), [])
  if (!isInBrowser) return null
  if (!canHandleRoute([EmailPasswordPreBuiltUI])) return <p>There is no such page.</p>
  return getRoutingComponent([EmailPasswordPreBuiltUI])
}

/** SuperTokens brings no menu, so this is the app's. */
export function UserMenu() {
  return (
    <button type="button" className="quiet" onClick={() => void controls.signOut('/')}>
      Sign out
    </button>
  )
}
