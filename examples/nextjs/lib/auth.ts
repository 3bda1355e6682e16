import { createNextAuth } from 'authmux/next'
import { clerk } from 'authmux/providers/clerk'
import { supertokens } from 'authmux/providers/supertokens'

const origin = process.env.APP_ORIGIN ?? 'http://localhost:3000'

const auth = createNextAuth({
  provider: process.env.AUTH_PROVIDER,
  origins: [origin],
  signInPath: '/sign-in',
  providers: {
    clerk: () => clerk({ claims: { roles: 'metadata.roles' } }),
    supertokens: () =>
      supertokens({
        appInfo: {
          appName: 'authmux example',
          apiDomain: origin,
          websiteDomain: origin,
          apiBasePath: '/api/auth',
          websiteBasePath: '/sign-in',
        },
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
