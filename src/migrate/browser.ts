/** `authmux/migrate/browser`: hands the session of an open page over, without the person noticing. */

/** What became of a session. */
export type HandOverResult =
  /** It is with the new vendor now. */
  | 'moved'
  /** It belongs where it is. */
  | 'stayed'
  /** It could not be moved now, and stays; the next page may try again. */
  | 'kept'

/** Options of {@link handOver}. */
export interface HandOverOptions {
  /**
   * Signs in with a ticket at the vendor that wants one, and resolves when the browser has its
   * session: with Clerk, `signIn.create({ strategy: 'ticket', ticket })` and then `setActive`.
   */
  readonly signInWithTicket: (ticket: string) => Promise<unknown>
  /** Path of the app's auth routes; default `/api/auth`. */
  readonly authPath?: string
  /** `fetch` to use; default the page's. */
  readonly fetch?: typeof fetch
}

/** Keeps tabs of one browser from doing it at the same time. */
const LOCK = 'authmux-hand-over'

/**
 * Moves the session of this browser to the vendor it belongs to. Call it once a page is open and
 * idle; it never rejects, and whatever fails, the session stays as it was.
 */
export async function handOver(options: HandOverOptions): Promise<HandOverResult> {
  const { locks } = globalThis.navigator ?? {}
  try {
    return locks ? await locks.request(LOCK, () => attempt(options)) : await attempt(options)
  } catch {
    return 'kept'
  }
}

async function attempt(options: HandOverOptions): Promise<HandOverResult> {
  const minted = await post(options, 'mint')
  if (minted.status === 'stay') return 'stayed'
  if (minted.status === 'ticket') await options.signInWithTicket(minted.ticket ?? '')
  else if (minted.status !== 'confirm') return 'kept'
  const { status } = await post(options, 'confirm')
  return status === 'done' ? 'moved' : 'kept'
}

async function post(
  { authPath = '/api/auth', fetch: send = fetch }: HandOverOptions,
  phase: 'mint' | 'confirm',
): Promise<{ readonly status?: string; readonly ticket?: string }> {
  const response = await send(`${authPath}/hand-over/${phase}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'st-auth-mode': 'cookie' },
    body: '{}',
    credentials: 'same-origin',
    cache: 'no-store',
  })
  return response.ok ? await response.json() : {}
}
