/** JWTs that speak for a session: its own, and those made from templates. */

import { importPKCS8, SignJWT } from 'jose'
import { createSecret } from './identifiers.js'
import { factorAges, statusOf } from './json/session.js'
import type { JsonObject } from './json/types.js'
import { organizationClaim } from './organization-claim.js'
import type { SessionRecord, TemplateRecord } from './records.js'
import { fillShortcodes } from './shortcodes.js'
import type { ClerkState } from './state.js'

/** What Clerk's header `cat` says a token is for. */
const CATEGORY = { session: 'cl_B7d4PD111AAA', template: 'cl_B7d4PD222AAA' } as const

/** How far back tokens are valid, for servers whose clocks are slow. */
const NOT_BEFORE_SECONDS = 10

interface SessionTokenOptions {
  /** Origin the token is issued to; without one, it says nothing of it. */
  readonly origin?: string | null
  /** Default: the session's active organisation. */
  readonly organizationId?: string | null
  /** Default: as the instance says. */
  readonly expiresInSeconds?: number | undefined
}

/** A session token of version 2. */
export async function mintSessionToken(
  state: ClerkState,
  session: SessionRecord,
  options: SessionTokenOptions = {},
): Promise<string> {
  const { settings, clock, keys } = state
  const { organizationId = session.activeOrganizationId, origin } = options
  const { expiresInSeconds = settings.sessionTokenSeconds } = options
  const now = Math.floor(clock.now() / 1000)
  const claims = {
    ...fillShortcodes(state, session, organizationId, settings.sessionTokenClaims),
    ...(origin && { azp: origin }),
    exp: now + expiresInSeconds,
    fva: factorAges(state, session),
    iat: now,
    iss: settings.issuer,
    jti: createSecret(),
    nbf: now - NOT_BEFORE_SECONDS,
    sid: session.id,
    // The organisation may be another than the session's, and then nothing is left to choose.
    sts: organizationId === null ? statusOf(state, session) : 'active',
    sub: session.userId,
    v: 2,
    ...organizationClaim(state, organizationId, session.userId),
    ...(session.actor && { act: session.actor }),
  }
  return keys.current.sign(claims, { typ: 'JWT', cat: CATEGORY.session, oiat: now })
}

/** A token made from a template. */
export async function mintTemplateToken(
  state: ClerkState,
  session: SessionRecord,
  template: TemplateRecord,
  { origin, expiresInSeconds = template.lifetimeSeconds }: SessionTokenOptions = {},
): Promise<string> {
  const { settings, clock, keys } = state
  const now = Math.floor(clock.now() / 1000)
  const claims = {
    ...fillShortcodes(state, session, session.activeOrganizationId, template.claims),
    ...(origin && { azp: origin }),
    exp: now + expiresInSeconds,
    iat: now,
    iss: settings.issuer,
    jti: createSecret(),
    nbf: now - template.allowedClockSkewSeconds,
    sub: session.userId,
  }
  const header = { typ: 'JWT', cat: CATEGORY.template }
  if (!template.signing) return keys.current.sign(claims, header)
  return signWith(template.signing, claims, header)
}

async function signWith(
  { algorithm, key }: NonNullable<TemplateRecord['signing']>,
  claims: JsonObject,
  header: object,
): Promise<string> {
  const isShared = algorithm.startsWith('HS')
  const secret = isShared ? new TextEncoder().encode(key) : await importPKCS8(key, algorithm)
  return new SignJWT({ ...claims }).setProtectedHeader({ ...header, alg: algorithm }).sign(secret)
}
