import { createNextAuth } from 'authmux/next'
import { supertokens } from 'authmux/providers/supertokens'

const origin = process.env.APP_ORIGIN ?? 'http://localhost:3000'

export const { getAuth, requireAuth, protect, authHandlers, authProxy } = createNextAuth({
  origins: [origin],
  signInPath: '/sign-in',
  providers: {
    supertokens: () =>
      supertokens({
        appInfo: {
          appName: 'consumer',
          apiDomain: origin,
          websiteDomain: origin,
          apiBasePath: '/api/auth',
        },
        recipes: () => import('./recipes'),
        requiredClaims: {},
      }),
  },
})
