/**
 * Shortcodes in the claims of JWT templates: `{{user.public_metadata.roles || 'none'}}`.
 * @see https://clerk.com/docs/guides/sessions/jwt-templates (read 2026-11-21)
 */

import { imageJson } from './images.js'
import { primaryAddress } from './json/public-user.js'
import type { JsonObject } from './json/types.js'
import { userJson } from './json/user.js'
import { findMembership } from './memberships.js'
import type { SessionRecord, UserRecord } from './records.js'
import type { ClerkState } from './state.js'
import { select } from './store.js'

/** A string that is one shortcode and nothing else keeps the type of its value. */
const ONLY = /^\{\{([^{}]*)\}\}$/

const ANYWHERE = /\{\{([^{}]*)\}\}/g

const LITERAL = /^'(.*)'$|^"(.*)"$/

/** The claims, with values in place of shortcodes. */
export function fillShortcodes(
  state: ClerkState,
  session: SessionRecord,
  organizationId: string | null,
  claims: JsonObject,
): JsonObject {
  const user = state.store.users.get(session.userId)
  const source = {
    session: { id: session.id, actor: session.actor },
    ...(user && { user: describeUser(state, user) }),
    ...(organizationId !== null && describeOrganization(state, organizationId, session.userId)),
  }
  return fill(claims, source) as JsonObject
}

function fill(value: unknown, source: JsonObject): unknown {
  if (typeof value === 'string') {
    const only = ONLY.exec(value)
    if (only) return evaluate(only[1] ?? '', source)
    return value.replace(ANYWHERE, (_, expression) => String(evaluate(expression, source) ?? ''))
  }
  if (Array.isArray(value)) return value.map((item) => fill(item, source))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, fill(item, source)]))
}

/** The first alternative that is not empty or `false`, or else the last. */
function evaluate(expression: string, source: JsonObject): unknown {
  const values = expression.split('||').map((alternative) => {
    const literal = LITERAL.exec(alternative.trim())
    return literal ? (literal[1] ?? literal[2]) : lookUp(alternative.trim(), source)
  })
  return values.find(Boolean) ?? values.at(-1) ?? null
}

function lookUp(path: string, source: JsonObject): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) => (Object.hasOwn(Object(value), name) ? Object(value)[name] : undefined),
      source,
    )
}

function describeUser(state: ClerkState, user: UserRecord): JsonObject {
  const { emailAddresses, phoneNumbers, primaryEmailAddressId, primaryPhoneNumberId } = user
  const email = emailAddresses.find(({ id }) => id === primaryEmailAddressId)
  const phone = phoneNumbers.find(({ id }) => id === primaryPhoneNumberId)
  const memberships = select(state.store.memberships, ({ userId }) => userId === user.id)
  return {
    ...userJson(state, user),
    full_name: [user.firstName, user.lastName].filter(Boolean).join(' ') || null,
    primary_email_address: primaryAddress(user),
    email_verified: email?.status === 'verified',
    primary_phone_number: phone?.number ?? null,
    phone_number_verified: phone?.status === 'verified',
    organizations: Object.fromEntries(memberships.map((its) => [its.organizationId, its.role])),
  }
}

function describeOrganization(state: ClerkState, id: string, user: string): JsonObject {
  const organization = state.store.organizations.get(id)
  const membership = findMembership(state, id, user)
  return {
    org: {
      id,
      name: organization?.name,
      slug: organization?.slug,
      ...imageJson(organization?.imageUrl ?? null),
      role: membership?.role,
      public_metadata: organization?.publicMetadata,
    },
    org_membership: { public_metadata: membership?.publicMetadata },
  }
}
