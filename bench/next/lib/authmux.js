import { createNextAuth } from 'authmux/next'
import { clerk } from 'authmux/providers/clerk'
import { supertokens } from 'authmux/providers/supertokens'
import { appInfo, origin } from './app-info'

const authFor = (provider) =>
  createNextAuth({
    provider,
    origins: [origin],
    providers: {
      clerk: () => clerk(),
      supertokens: () =>
        supertokens({ appInfo, requiredClaims: {}, recipes: () => import('./recipes') }),
    },
  })

export const viaClerk = authFor('clerk')
export const viaSuperTokens = authFor('supertokens')
