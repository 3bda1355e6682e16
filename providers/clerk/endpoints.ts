/** Clerk's endpoint of the app's auth routes: the one its webhooks are sent to. */

import { AuthError } from '../../src/errors.js'
import type { ProviderEndpoints } from '../../src/provider.js'
import type { UserEventIntake } from '../../src/user-events/user-events.js'
import type { ClerkSdk } from './sdk.js'
import type { ClerkSettings } from './settings.js'
import { toVendorEvent } from './user-events.js'

/** @param intake Takes the events about users and sessions; `null` when nobody wants to be told. */
export function clerkEndpoints(
  { onWebhook }: ClerkSettings,
  intake: UserEventIntake | null,
  loadSdk: () => Promise<ClerkSdk>,
): Pick<ProviderEndpoints, 'handle'> {
  return {
    async handle(request, { basePath }) {
      const { pathname } = new URL(request.url)
      const isWanted = onWebhook !== undefined || intake !== null
      if (!isWanted || request.method !== 'POST' || pathname !== `${basePath}/webhooks`) return null
      const event = await (await loadSdk()).verifyWebhook(request)
      if (!event) throw new AuthError('token_invalid', 'The webhook is not signed by Clerk')
      const vendorEvent = intake && toVendorEvent(event, request.headers)
      if (vendorEvent) await intake.accept(vendorEvent)
      await onWebhook?.(event)
      return new Response(null, { status: 204 })
    },
  }
}
