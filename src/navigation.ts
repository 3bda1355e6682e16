/**
 * Where a document goes that needs a session and has none.
 *
 * A page that finds a session run out sends the browser to one address below the auth routes, which
 * makes one attempt to heal it (healing.ts) and sends the browser back. A marker cookie bound to the
 * return path and to the credential counts that attempt, so nothing can go round in circles.
 */

import { digest } from '#platform'
import type { Setup } from './options.js'
import type { Inspection, ProviderNavigation } from './provider.js'
import type { RequestView } from './request.js'
import { withReturnPath } from './return-path.js'

/** Below the auth path. Vendors scope refresh cookies to `/session/refresh`, so they reach it. */
export const HEAL_PATH = '/session/refresh/continue'

/** Attempts for one path while its marker counts, whatever new credentials they bring. */
const MAX_ATTEMPTS = 3

/** Progress of an attempt: marker set, browser sent to the vendor, done. */
export type Stage = 'set' | 'away' | 'done'

/** What the marker says about a path and a credential. */
export interface Progress {
  /** `null` when an attempt may begin. */
  readonly stage: Stage | null
  readonly attempts: number
}

/**
 * Where to send a document request that needs a session and has none: to heal it, or to sign in.
 *
 * @param returnPath Path of the document; `null` when it is not known.
 * @returns `null` when there is nowhere to go: the refusal itself is the answer.
 */
export async function redirectFor(
  view: RequestView,
  returnPath: string | null,
  setup: Setup,
  now: number,
): Promise<string | null> {
  // Healing takes a browser that says what it is doing; the router of Next.js says so as well.
  const found = view.header('sec-fetch-mode') === null ? null : await healerFor(view, setup, now)
  if (found?.inspection.state === 'healable') {
    const path = returnPath ?? '/'
    if ((await readMarker(view, path, found.inspection)).stage !== 'done') {
      return withReturnPath(setup.publicAuthPath + HEAL_PATH, path)
    }
  }
  return setup.signInPath && withReturnPath(setup.signInPath, returnPath)
}

/** A provider that heals, and how the request's cookies look to it. */
export interface Healer {
  readonly navigation: ProviderNavigation
  readonly inspection: Inspection
}

/**
 * The first provider, from the one on whose cookies these seem to be, that sees a session in them.
 * @returns `null` where no provider heals.
 */
export async function healerFor(
  view: RequestView,
  setup: Setup,
  now: number,
): Promise<Healer | null> {
  const accepted = setup.accepted(now)
  const owner = accepted.find(({ provider }) => provider.carries?.(view))
  const candidates = accepted.slice(owner && accepted.indexOf(owner))
  let first: Healer | null = null
  for (const { provider } of candidates) {
    const { navigation } = provider
    if (!navigation) continue
    const healer = { navigation, inspection: await navigation.inspect(view, now) }
    if (healer.inspection.state !== 'absent') return healer
    first ??= healer
  }
  return first
}

export async function markerName(path: string): Promise<string> {
  return `authmux_heal_${(await digest(path)).slice(0, 12)}`
}

export async function readMarker(
  view: RequestView,
  path: string,
  { credential }: Inspection,
): Promise<Progress> {
  const text = view.cookies.get(await markerName(path)) ?? ''
  const [, stage, count, tried] = /^(set|away|done)\.([1-9])\.(.+)$/.exec(text) ?? []
  if (stage === undefined) return { stage: null, attempts: 0 }
  const attempts = Number(count)
  // At the vendor the credential changes; everywhere else a new one deserves an attempt of its own.
  if (stage === 'away' || tried === (await digest(credential))) {
    return { stage: stage as Stage, attempts }
  }
  return { stage: attempts < MAX_ATTEMPTS ? null : 'done', attempts }
}
