import SuperTokens from 'supertokens-node'
import Session from 'supertokens-node/recipe/session'

const origin = process.env.ORIGIN
SuperTokens.init({
  framework: 'custom',
  appInfo: { appName: 'bench', apiDomain: origin, websiteDomain: origin, apiBasePath: '/api/auth' },
  supertokens: { connectionURI: process.env.SUPERTOKENS_CONNECTION_URI },
  recipeList: [Session.init()],
})
