/** `authmux/migrate/browser`: what pages do while users and their sessions move. */

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
  const minted = await takeStep(options, 'mint')
  if (minted.status === 'stay') return 'stayed'
  if (minted.status === 'ticket') await options.signInWithTicket(minted.ticket ?? '')
  else if (minted.status !== 'confirm') return 'kept'
  const { status } = await takeStep(options, 'confirm')
  return status === 'done' ? 'moved' : 'kept'
}

async function takeStep(
  options: HandOverOptions,
  phase: 'mint' | 'confirm',
): Promise<{ readonly status?: string; readonly ticket?: string }> {
  const response = await post(options, `/hand-over/${phase}`)
  return response.ok ? await response.json() : {}
}

/** What a form of the new vendor's does next. */
export type MoveInStep =
  /** Go on at the vendor: it knows whom there is to know, and says what is wrong. */
  | 'continue'
  /** There is an account: show the sign-in form, not the one for new users. */
  | 'sign_in'
  /** This account stays at the old vendor: show its form. */
  | 'stay'
  /** Say that it cannot be done now. */
  | 'try_later'

/** Options of {@link moveIn}. */
export type MoveInOptions = Pick<HandOverOptions, 'authPath' | 'fetch'>

/** What the server's statuses mean; after any other, nothing is known. */
const STEPS: Readonly<Record<number, MoveInStep>> = {
  200: 'continue',
  400: 'continue',
  409: 'stay',
}

/**
 * Brings a user along before a form of the new vendor's is sent, and says what to do then; never
 * rejects.
 * @param password Left out where somebody asks for a new one.
 */
export async function moveIn(
  form: 'sign-in' | 'sign-up' | 'reset',
  fields: { readonly email: string; readonly password?: string },
  options: MoveInOptions = {},
): Promise<MoveInStep> {
  try {
    const response = await post(options, `/move-in/${form}`, fields)
    const { status }: { readonly status?: string } = await response.json()
    return status === 'sign_in' ? 'sign_in' : (STEPS[response.status] ?? 'try_later')
  } catch {
    return 'try_later'
  }
}

async function post(
  { authPath = '/api/auth', fetch: send = fetch }: MoveInOptions,
  path: string,
  body: object = {},
): Promise<Response> {
  return send(authPath + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'st-auth-mode': 'cookie' },
    body: JSON.stringify(body),
    credentials: 'same-origin',
    cache: 'no-store',
  })
}
