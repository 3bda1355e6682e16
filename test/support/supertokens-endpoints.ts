/** An app with every recipe whose endpoints read bodies, on a stand-in core and an identity provider. */

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import AccountLinking from 'supertokens-node/recipe/accountlinking'
import EmailPassword from 'supertokens-node/recipe/emailpassword'
import MultiFactorAuth from 'supertokens-node/recipe/multifactorauth'
import OAuth2Provider from 'supertokens-node/recipe/oauth2provider'
import Passwordless from 'supertokens-node/recipe/passwordless'
import ThirdParty from 'supertokens-node/recipe/thirdparty'
import Totp from 'supertokens-node/recipe/totp'
import WebAuthn from 'supertokens-node/recipe/webauthn'
import type { RecipeListFunction } from 'supertokens-node/types'
import { listen } from '../../emulator/src/base/listen.js'
import { createSuperTokensCore } from '../../emulator/src/supertokens/core.js'
import type { AuthOptions } from '../../src/options.js'
import { createApp, type TestApp } from './supertokens-app.js'

/** What an identity provider answers, by path: a status and a body. */
export type ProviderAnswers = Record<string, readonly [status: number, body: string]>

export interface EndpointApp extends TestApp {
  /** Posts JSON, or the bytes of a form. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>
  /** Answers of the identity provider from now on; none for a path is 404. */
  answers: ProviderAnswers
  /** Cuts every connection to the identity provider from now on. */
  isProviderDown: boolean
  stop(): Promise<void>
}

const DISCOVERY = '/.well-known/openid-configuration'

const mail = { service: { sendEmail: async () => undefined } }
const sms = { service: { sendSms: async () => undefined } }

type ThirdPartyOverride = NonNullable<Parameters<typeof ThirdParty.init>[0]>['override']

export async function startEndpoints(
  options: { readonly thirdParty?: ThirdPartyOverride; readonly auth?: Partial<AuthOptions> } = {},
): Promise<EndpointApp> {
  const core = await listen(await createSuperTokensCore())
  const state: Pick<EndpointApp, 'answers' | 'isProviderDown'> = {
    answers: { [DISCOVERY]: [200, '{}'] },
    isProviderDown: false,
  }
  const server = createServer((request, response) => {
    if (state.isProviderDown) return void request.socket.destroy()
    const { pathname } = new URL(request.url ?? '/', 'http://provider.test')
    const [status, body] = state.answers[pathname] ?? [404, '{}']
    response.writeHead(status, { 'content-type': 'application/json' }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const provider = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const app = createApp({
    recipes: recipesWith(provider, options.thirdParty),
    provider: { connectionURI: core.url },
    ...(options.auth && { auth: options.auth }),
  })
  return Object.assign(state, app, {
    post: (path: string, body: unknown, headers: Record<string, string> = {}) =>
      app.endpoint(path, {
        method: 'POST',
        body: body instanceof URLSearchParams ? body : JSON.stringify(body),
        headers: {
          'st-auth-mode': 'cookie',
          ...(!(body instanceof URLSearchParams) && { 'content-type': 'application/json' }),
          ...headers,
        },
      }),
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await core.close()
    },
  })
}

function recipesWith(provider: string, override: ThirdPartyOverride): RecipeListFunction[] {
  const client = { clientId: 'client', clientSecret: 'secret' }
  const endpoints = {
    authorizationEndpoint: `${provider}/authorize`,
    tokenEndpoint: `${provider}/token`,
    userInfoEndpoint: `${provider}/me`,
    jwksURI: `${provider}/keys`,
    oidcDiscoveryEndpoint: provider + DISCOVERY,
  }
  return [
    EmailPassword.init({ emailDelivery: mail }),
    ThirdParty.init({
      signInAndUpFeature: {
        providers: [
          { config: { thirdPartyId: 'own', clients: [client], ...endpoints } },
          {
            config: {
              thirdPartyId: 'two-clients',
              clients: [
                { ...client, clientType: 'web' },
                { ...client, clientType: 'app' },
              ],
              ...endpoints,
            },
          },
          { config: { thirdPartyId: 'apple', clients: [client], ...endpoints } },
          {
            config: { thirdPartyId: 'github', clients: [client] },
            // The SDK has a check of its own, and does not run it.
            override(original) {
              if (original.type !== 'oauth2') return original
              const { config, getUserInfo } = original
              original.getUserInfo = async (input) => {
                const { access_token: accessToken } = input.oAuthTokens
                // The SDK makes one at the beginning of a request.
                const userContext = input.userContext as NonNullable<typeof input.userContext>
                const check = { accessToken, clientConfig: config, userContext }
                if (accessToken) await config.validateAccessToken?.(check)
                return getUserInfo(input)
              }
              return original
            },
          },
          { config: { thirdPartyId: 'linkedin', clients: [client] } },
          {
            config: {
              thirdPartyId: 'google-workspaces',
              clients: [{ ...client, additionalConfig: { hd: 'example.com' } }],
              ...endpoints,
            },
          },
        ],
      },
      ...(override && { override }),
    }),
    Passwordless.init({
      contactMethod: 'EMAIL_OR_PHONE',
      flowType: 'USER_INPUT_CODE_AND_MAGIC_LINK',
      emailDelivery: mail,
      smsDelivery: sms,
    }),
    WebAuthn.init({ emailDelivery: mail }),
    OAuth2Provider.init(),
    Totp.init(),
    MultiFactorAuth.init(),
    AccountLinking.init(),
  ]
}
