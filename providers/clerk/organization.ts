/**
 * The active organisation in a session token.
 *
 * Version 2 tokens pack it: `o` has id, role and permission names, `fea` the features, and `fpm` one
 * number per organisation feature whose bits say which of the names apply to it. Unpacked as in
 * `@clerk/shared` 4.41.0 (jwtPayloadParser.ts, read 2026-11-21).
 */

import type { JsonObject } from '../../src/jwt/token.js'

export interface Organization {
  readonly id: string | null
  readonly role: string | null
  readonly permissions: readonly string[]
}

const none: Organization = { id: null, role: null, permissions: [] }

/** @returns `null` when the claim is malformed. */
export function readOrganization(claims: JsonObject): Organization | null {
  return claims.v === 2 ? unpack(claims) : readPlain(claims)
}

function readPlain({ org_id, org_role, org_permissions }: JsonObject): Organization | null {
  if (!isOptionalText(org_id) || !isOptionalText(org_role)) return null
  const permissions = org_permissions ?? []
  if (!Array.isArray(permissions) || !permissions.every(isText)) return null
  return { id: org_id ?? null, role: org_role ?? null, permissions }
}

function unpack({ o, fea }: JsonObject): Organization | null {
  if (!o) return none
  if (typeof o !== 'object') return null
  const { id, rol, per, fpm } = o as JsonObject
  if (![id, rol, per, fpm, fea].every(isOptionalText)) return null
  const features = organizationFeatures((fea as string | undefined) ?? '')
  if (!features) return null
  return {
    id: (id as string | undefined) ?? null,
    role: rol ? `org:${rol}` : null,
    permissions: unpackPermissions(features, (per ?? '') as string, (fpm ?? '') as string),
  }
}

/** Features of `o:name,u:name,uo:name` that an organisation has; `null` for an unscoped one. */
function organizationFeatures(claim: string): readonly string[] | null {
  if (claim === '') return []
  const features: string[] = []
  for (const element of claim.split(',')) {
    const [scope, ...name] = element.trim().split(':')
    if (name.length === 0) return null
    if (scope === 'o' || scope === 'ou' || scope === 'uo') features.push(name.join(':'))
  }
  return features
}

function unpackPermissions(features: readonly string[], per: string, fpm: string): string[] {
  if (per === '' || fpm === '') return []
  const names = per.split(',').map((name) => name.trim())
  const masks = fpm.split(',').map((mask) => mask.trim())
  return features.flatMap((feature, index) => {
    const mask = masks[index]
    if (mask === undefined || !/^\d+$/.test(mask)) return []
    const bits = BigInt(mask)
    return names.flatMap((name, bit) =>
      (bits >> BigInt(bit)) & 1n ? [`org:${feature}:${name}`] : [],
    )
  })
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isOptionalText(value: unknown): value is string | null | undefined {
  return value === undefined || value === null || isText(value)
}
