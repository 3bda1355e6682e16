import { createNextAuth } from 'authmux/next'
import { clerk } from 'authmux/providers/clerk'
import { supertokens } from 'authmux/providers/supertokens'
import { toAppInfo } from './app-info'
import { origin } from './settings'

const auth = createNextAuth({
  provider: process.env.AUTH_PROVIDER,
  origins: [origin],
  signInPath: '/sign-in',
  providers: {
    clerk: () => clerk({ claims: { roles: 'metadata.roles' } }),
    supertokens: () =>
      supertokens({
        appInfo: toAppInfo(origin),
        recipes: () => import('./recipes'),
        requiredClaims: {},
      }),
  },
})

export const {
  getAuth,
  requireAuth,
  withAuth,
  protect,
  authHandlers,
  authProxy,
  currentUser,
  signOut,
  signOutEverywhere,
  checkAuthConfig,
} = auth
