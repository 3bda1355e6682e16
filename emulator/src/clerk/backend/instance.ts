/** What servers ask of the instance itself. */

import { z } from 'zod'
import { type ClerkEndpoint, readBody, readQuery } from '../call.js'
import { flag } from '../fields.js'
import { redeemNonce } from '../handshake.js'

const restrictionsSchema = z.object({ allowlist: flag.nullish(), blocklist: flag.nullish() })
const nonceSchema = z.object({ nonce: z.string() })

export const instanceEndpoints: readonly ClerkEndpoint[] = [
  { method: 'GET', path: '/v1/jwks', handle: ({ state }) => state.keys.jwks },
  {
    method: 'GET',
    path: '/v1/clients/handshake_payload',
    handle: (call) => {
      const { nonce } = readQuery(call, nonceSchema)
      return { directives: redeemNonce(call.state, nonce) }
    },
  },
  {
    method: 'GET',
    path: '/v1/instance/organization_settings',
    handle: ({ state: { settings } }) => ({
      object: 'organization_settings',
      enabled: true,
      max_allowed_memberships: 5,
      max_allowed_roles: Object.keys(settings.organizationRoles).length,
      max_allowed_permissions: 50,
      creator_role: 'org:admin',
      admin_delete_enabled: true,
      domains_enabled: false,
      slug_disabled: false,
      domains_enrollment_modes: [],
      domains_default_role: 'org:member',
    }),
  },
  {
    method: 'PATCH',
    path: '/v1/instance/restrictions',
    handle: async (call) => {
      const { restrictions } = call.state.store
      const body = await readBody(call, restrictionsSchema)
      for (const name of ['allowlist', 'blocklist'] as const) {
        if (typeof body[name] === 'boolean') restrictions.set(name, body[name])
      }
      return {
        object: 'instance_restrictions',
        id: call.state.settings.instanceId,
        allowlist: restrictions.get('allowlist') ?? false,
        blocklist: restrictions.get('blocklist') ?? false,
        block_email_subaddresses: false,
        block_disposable_email_domains: false,
        ignore_dots_for_gmail_addresses: false,
      }
    },
  },
  {
    method: 'GET',
    path: '/v1/domains',
    handle: ({ state: { settings } }) => ({
      data: [
        {
          object: 'domain',
          id: `dmn_${settings.instanceId}`,
          name: settings.frontendApi.replace(/^clerk\./, ''),
          is_satellite: false,
          frontend_api_url: settings.issuer,
          accounts_portal_url: null,
          development_origin: '',
          cname_targets: [],
        },
      ],
      total_count: 1,
    }),
  },
  {
    method: 'GET',
    path: '/v1/instance',
    handle: ({ state: { settings } }) => ({
      object: 'instance',
      id: settings.instanceId,
      environment_type: settings.isProduction ? 'production' : 'development',
      allowed_origins: null,
    }),
  },
]
