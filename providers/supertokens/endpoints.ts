/** The endpoints of the app's recipes, served by the SDK. */

import type { ProviderEndpoints } from '../../src/provider.js'
import { viewRequest } from '../../src/request.js'
import { readForm, readJson } from './bodies.js'
import type { SuperTokensSdk } from './sdk.js'

export function superTokensEndpoints(
  loadSdk: () => Promise<SuperTokensSdk>,
): Pick<ProviderEndpoints, 'handle'> {
  return {
    async handle(request, { onEnded }) {
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
      try {
        return await sdk.handle(viewRequest(request), {
          url: request.url,
          onEnded,
          readJson: () => read(readJson),
          readForm: () => read(readForm),
        })
      } catch (error) {
        if (!isMalformed) throw error
        return Response.json({ message: 'The request body cannot be read' }, { status: 400 })
      }
    },
  }
}

function contentType({ headers }: Request): Record<string, string> {
  const value = headers.get('content-type')
  return value === null ? {} : { 'content-type': value }
}
