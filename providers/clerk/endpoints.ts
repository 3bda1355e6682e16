/** Clerk's endpoint of the app's auth routes: the one its webhooks are sent to. */

import { AuthError } from '../../src/errors.js'
import type { ProviderEndpoints } from '../../src/provider.js'
import type { VendorEvent } from '../../src/user-events/event.js'
import type { UserEventIntake } from '../../src/user-events/user-events.js'
import type { ClerkSdk } from './sdk.js'
import type { ClerkSettings } from './settings.js'
import { toVendorEvent } from './user-events.js'

/** Events after which a token stands for nothing. */
const ENDS: readonly VendorEvent['type'][] = ['session.ended', 'user.deleted']

/** @param intake Takes the events about users and sessions; `null` when nobody wants to be told. */
export function clerkEndpoints(
  { onWebhook, webhookSigningSecret }: ClerkSettings,
  intake: UserEventIntake | null,
  loadSdk: () => Promise<ClerkSdk>,
): Pick<ProviderEndpoints, 'handle'> {
  return {
    async handle(request, { basePath, onEnded }) {
      const { pathname } = new URL(request.url)
      // Whoever only wants to know of ends need not have set up webhooks at all.
      const isWanted =
        onWebhook !== undefined ||
        intake !== null ||
        (onEnded && webhookSigningSecret !== undefined)
      if (!isWanted || request.method !== 'POST' || pathname !== `${basePath}/webhooks`) return null
      const event = await (await loadSdk()).verifyWebhook(request)
      if (!event) throw new AuthError('token_invalid', 'The webhook is not signed by Clerk')
      const vendorEvent = intake || onEnded ? toVendorEvent(event, request.headers) : null
      // Before the app is told, which may fail: Clerk sends it again either way.
      if (vendorEvent && ENDS.includes(vendorEvent.type)) await onEnded?.(vendorEvent)
      if (vendorEvent) await intake?.accept(vendorEvent)
      await onWebhook?.(event)
      return new Response(null, { status: 204 })
    },
  }
}
