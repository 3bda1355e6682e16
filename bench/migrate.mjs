/** What it costs that two vendors count: the same verdicts, alone and by a plan. */

import { createAuth } from 'authmux'
import { cutOver } from 'authmux/migrate'
import { clerk } from 'authmux/providers/clerk'
import { supertokens } from 'authmux/providers/supertokens'
import { createClerkTestInstance } from 'authmux/testing/clerk'
import { createSuperTokensTestCore } from 'authmux/testing/supertokens'
import { measure } from './measure.mjs'
import { ORIGIN, TURNS, withCookie } from './verdicts.mjs'

const instance = await createClerkTestInstance({ origin: ORIGIN, isProduction: true })
const core = await createSuperTokensTestCore({ issuer: `${ORIGIN}/auth`, origin: ORIGIN })
const { environment } = instance
const providers = {
  clerk: () =>
    clerk({
      publishableKey: environment.NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY,
      secretKey: environment.CLERK_SECRET_KEY,
      jwtKey: environment.CLERK_JWT_KEY,
    }),
  supertokens: () =>
    supertokens({
      appInfo: { appName: 'bench', apiDomain: ORIGIN, websiteDomain: ORIGIN },
      connectionURI: 'http://core.test',
      recipes: () => Promise.reject(new TypeError('not needed')),
      requiredClaims: {},
    }),
}
const shared = { origins: [ORIGIN], fetch: core.fetch, providers }
const single = (provider) => createAuth({ ...shared, provider }).getAuth
const dual = (step) => {
  const migration = cutOver({
    from: 'supertokens',
    to: 'clerk',
    step,
    oldEndsAt: '2099-01-01T00:00:00Z',
    refused: () => null,
    identity: { claim: 'app_id' },
  })
  return createAuth({ ...shared, migration }).getAuth
}

const expiresInSeconds = 3600
const sessions = {
  clerk: await instance.signedIn({ userId: 'user_1', expiresInSeconds, claims: { app_id: 'ada' } }),
  supertokens: await core.signedIn({ userId: 'ada', expiresInSeconds }),
}

const contender = (name, getAuth, vendor) => ({
  name,
  input: () => withCookie(sessions[vendor]),
  call: getAuth,
  check({ provider, reason }) {
    if (provider !== vendor) throw new TypeError(`verdict: ${reason}`)
  },
})

const figures = await measure(
  [
    contender('clerk, alone', single('clerk'), 'clerk'),
    contender('clerk, primary of two', dual('dual-new-primary'), 'clerk'),
    contender('clerk, second of two', dual('dual-old-primary'), 'clerk'),
    contender('supertokens, alone', single('supertokens'), 'supertokens'),
    contender('supertokens, primary of two', dual('dual-old-primary'), 'supertokens'),
    contender('supertokens, second of two', dual('dual-new-primary'), 'supertokens'),
  ],
  TURNS,
)
console.log(JSON.stringify(figures))
