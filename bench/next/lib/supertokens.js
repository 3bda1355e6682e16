import SuperTokens from 'supertokens-node'
import { appInfo } from './app-info'
import { recipeList } from './recipes'

/** Each bundle of Next.js has an SDK of its own to set up, as the vendor's guide for it says. */
export function ensureSuperTokensInit() {
  SuperTokens.init({
    framework: 'custom',
    appInfo,
    supertokens: { connectionURI: process.env.SUPERTOKENS_CONNECTION_URI },
    recipeList,
  })
}
