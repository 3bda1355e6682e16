/** The endpoints of the app's recipes, served by the SDK. */

import type { EndpointContext, ProviderEndpoints } from '../../src/provider.js'
import { viewRequest } from '../../src/request.js'
import { normaliseDomain } from './app-info.js'
import { readDestination } from './apple.js'
import { readForm, readJson } from './bodies.js'
import type { SuperTokensSdk } from './sdk.js'
import type { SuperTokensSettings } from './settings.js'

/** Where the SDK matches it: with or without a tenant, and a slash at its end. */
const APPLE_PATH = /\/callback\/apple\/?$/

export function superTokensEndpoints(
  settings: SuperTokensSettings,
  loadSdk: () => Promise<SuperTokensSdk>,
): Pick<ProviderEndpoints, 'handle'> {
  return {
    async handle(request, context) {
      const sdk = await loadSdk()
      const body = request.method === 'GET' ? null : await request.arrayBuffer()
      let isMalformed = false
      /** Notes that it was the body, and not the vendor, that failed. */
      async function read<Value>(parse: (body: Response) => Promise<Value>): Promise<Value> {
        try {
          return await parse(new Response(body, { headers: contentType(request) }))
        } catch (error) {
          isMalformed = true
          throw error
        }
      }
      async function readDirectedForm(body: Response) {
        const form = await readForm(body)
        const destination = readDestination(form.state, ownOrigins(settings, context))
        if (destination === 'foreign') throw new TypeError('The state leads away from the app')
        // The SDK has no use for it. Whether the app's override does, is seen by whether it fails.
        isMalformed = destination === 'none' && APPLE_PATH.test(new URL(request.url).pathname)
        return form
      }
      try {
        return await sdk.handle(viewRequest(request), {
          url: request.url,
          onEnded: context.onEnded,
          readJson: () => read(readJson),
          readForm: () => read(readDirectedForm),
        })
      } catch (error) {
        if (!isMalformed) throw error
        return Response.json({ message: 'The request body cannot be read' }, { status: 400 })
      }
    },
  }
}

/**
 * Where the app's pages are. An `origin` that depends on the request is left out: what it depends on,
 * whoever posts the form may have written as well.
 */
function ownOrigins(
  { appInfo }: SuperTokensSettings,
  { origins }: EndpointContext,
): readonly string[] {
  const website = appInfo.origin ?? appInfo.websiteDomain
  const origin = typeof website === 'string' ? normaliseDomain(website) : null
  return origin === null ? origins : [...origins, origin]
}

function contentType({ headers }: Request): Record<string, string> {
  const value = headers.get('content-type')
  return value === null ? {} : { 'content-type': value }
}
