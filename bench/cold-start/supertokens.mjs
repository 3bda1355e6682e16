import { createAuth } from 'authmux'
import { supertokens } from 'authmux/providers/supertokens'

const origin = process.env.ORIGIN
const { getAuth } = createAuth({
  origins: [origin],
  providers: {
    supertokens: () =>
      supertokens({
        appInfo: {
          appName: 'bench',
          apiDomain: origin,
          websiteDomain: origin,
          apiBasePath: '/api/auth',
        },
        requiredClaims: {},
        session: { useDynamicAccessTokenSigningKey: false },
        recipes: async () => ({ recipeList: [] }),
      }),
  },
})
const headers = { cookie: process.env.COOKIE }
const { isAuthenticated, reason } = await getAuth({ method: 'GET', url: '/', headers })
if (!isAuthenticated) throw new TypeError(`verdict: ${reason}`)
