/** Verdicts on SuperTokens' sessions: ours, and `getSession` of `supertokens-node`. */

import { createServer } from 'node:http'
import { createAuth } from 'authmux'
import { supertokens } from 'authmux/providers/supertokens'
import { createSuperTokensTestCore } from 'authmux/testing/supertokens'
import SuperTokens from 'supertokens-node'
import { CollectingResponse, PreParsedRequest } from 'supertokens-node/framework/custom'
import Session from 'supertokens-node/recipe/session'
import { FEW_CALLS, measure } from './measure.mjs'
import { contendersOnNode, createSessions, ORIGIN, TURNS, withCookie } from './verdicts.mjs'

const appInfo = {
  appName: 'bench',
  apiDomain: ORIGIN,
  websiteDomain: ORIGIN,
  apiBasePath: '/api/auth',
}
const core = await createSuperTokensTestCore({ issuer: `${ORIGIN}/api/auth` })
// Both fetch the keys of the core, and nothing else.
const server = createServer((_request, response) => response.end(JSON.stringify(core.jwks)))
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
const connectionURI = `http://127.0.0.1:${server.address().port}`

const { getAuth } = createAuth({
  origins: [ORIGIN],
  providers: {
    supertokens: () =>
      supertokens({
        appInfo,
        connectionURI,
        requiredClaims: {},
        recipes: async () => ({ recipeList: [Session.init()] }),
      }),
  },
})
SuperTokens.init({
  framework: 'custom',
  appInfo,
  supertokens: { connectionURI },
  recipeList: [Session.init()],
})

const signIn = (index) => core.signedIn({ userId: `user-${index}`, role: 'member' })
const known = await signIn(-1)
const unseen = await createSessions(signIn)
const figures = await measure(
  [
    ...contendersOnNode(getAuth, known, unseen, core.jwks.keys[0]),
    {
      name: "SuperTokens' getSession, cookie",
      input: () => withCookie(known),
      call(request) {
        const incoming = new PreParsedRequest({
          url: request.url,
          method: 'get',
          headers: request.headers,
          cookies: { sAccessToken: known.token },
          query: {},
          getJSONBody: async () => ({}),
          getFormBody: async () => ({}),
        })
        // It rejects where nobody is signed in.
        return Session.getSession(incoming, new CollectingResponse())
      },
      callsPerTurn: FEW_CALLS,
    },
  ],
  TURNS,
)
console.log(JSON.stringify(figures))
server.close()
