/** Clerk's endpoint of the app's auth routes: the one its webhooks are sent to. */

import { AuthError } from '../../src/errors.js'
import type { ProviderEndpoints } from '../../src/provider.js'
import type { ClerkSdk } from './sdk.js'
import type { ClerkSettings } from './settings.js'

export function clerkEndpoints(
  { onWebhook }: ClerkSettings,
  loadSdk: () => Promise<ClerkSdk>,
): Pick<ProviderEndpoints, 'handle'> {
  return {
    async handle(request, { basePath }) {
      const { pathname } = new URL(request.url)
      if (!onWebhook || request.method !== 'POST' || pathname !== `${basePath}/webhooks`)
        return null
      const event = await (await loadSdk()).verifyWebhook(request)
      if (!event) throw new AuthError('token_invalid', 'The webhook is not signed by Clerk')
      await onWebhook(event)
      return new Response(null, { status: 204 })
    },
  }
}
