/** What browsers ask of the instance itself. */

import type { Call, ClerkEndpoint } from '../call.js'
import { createId } from '../identifiers.js'
import { environmentJson } from '../json/environment.js'
import { notFound } from '../problem.js'

export const instanceEndpoints: readonly ClerkEndpoint[] = [
  { method: 'GET', path: '/.well-known/jwks.json', handle: ({ state }) => state.keys.jwks },
  {
    method: 'GET',
    path: '/v1/environment',
    handle: ({ state }) => environmentJson(state.settings),
  },
  {
    method: 'PATCH',
    path: '/v1/environment',
    handle: ({ state }) => environmentJson(state.settings),
  },
  { method: 'POST', path: '/v1/dev_browser', handle: createDevBrowser },
]

function createDevBrowser({ state }: Call): object {
  if (state.settings.isProduction) throw notFound('development browser', 'in production')
  const id = createId('dvb')
  state.store.devBrowsers.set(id, '')
  return { object: 'dev_browser', id }
}
