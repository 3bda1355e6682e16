/** A stand-in for a SuperTokens core: the interface of version 5.4 over a store in memory. */

import { createFaults } from '../base/faults.js'
import { createLog } from '../base/log.js'
import type { StandIn } from '../base/stand-in.js'
import { Refusal, text } from './answer.js'
import { RUN_EVERY_MS, runQueue } from './bulk-import/queue.js'
import { type CoreContext, createContext } from './context.js'
import type { CoreEndpoint } from './endpoint.js'
import { endpoints } from './endpoints.js'
import type { SuperTokensCoreOptions } from './options.js'
import { CDI_VERSION } from './recipes/service.js'
import { toRoute } from './route.js'
import type { Store } from './store.js'

/** A core that answers in this process, with switches a real one does not have. */
export interface SuperTokensCore extends StandIn {
  /** The table of endpoints, for listing what is supported. */
  readonly endpoints: readonly CoreEndpoint[]
  /** All the stand-in remembers: users, sessions, codes and tokens in plain text. */
  readonly store: Store
  /** Adds a dynamic signing key that is used at once, unannounced; older keys stay valid. */
  rotateKeys(): Promise<void>
  /** Ends a session as time would; `false` where there is none. */
  expireSession(handle: string): boolean
  /** Ends a session as signing out does; `false` where there is none. */
  revokeSession(handle: string): boolean
  /** Runs the bulk import now; by itself it runs at the first call after every five minutes. */
  runBulkImport(): Promise<void>
}

/** A core with nothing in it; `listen` serves it over HTTP. */
export async function createSuperTokensCore(
  options: SuperTokensCoreOptions = {},
): Promise<SuperTokensCore> {
  const core = createContext(options)
  const { clock, store } = core
  const faults = createFaults()
  const log = createLog()
  let nextImportAt = clock.now() + RUN_EVERY_MS

  async function runDueImport(): Promise<void> {
    if (clock.now() < nextImportAt) return
    nextImportAt = clock.now() + RUN_EVERY_MS
    await runQueue(core)
  }

  async function fetch(request: Request): Promise<Response> {
    const { pathname: path } = new URL(request.url)
    const fault = await faults.intercept()
    if (!fault) await runDueImport()
    const { response, note } = fault
      ? { response: fault, note: 'emulated fault' }
      : await answer(core, request)
    const entry = { at: clock.now(), method: request.method, path, status: response.status }
    log.add(note === undefined ? entry : { ...entry, note })
    return response
  }

  return {
    fetch,
    clock,
    faults,
    log,
    endpoints,
    store,
    rotateKeys: () => core.keys.rotate(),
    expireSession(handle) {
      const session = store.sessions.get(handle)
      if (session) session.expiry = clock.now() - 1
      return session !== undefined
    },
    revokeSession: (handle) => store.sessions.delete(handle),
    runBulkImport: () => runQueue(core),
  }
}

interface Answered {
  readonly response: Response
  readonly note?: string | undefined
}

async function answer(core: CoreContext, request: Request): Promise<Answered> {
  try {
    return { response: await dispatch(core, request) }
  } catch (error) {
    if (error instanceof Refusal) {
      return { response: text(error.status, error.message), note: error.note }
    }
    // A core answers so to what it did not expect; here it is a mistake of the stand-in.
    return { response: text(500, String(error)), note: `unexpected: ${String(error)}` }
  }
}

async function dispatch(core: CoreContext, request: Request): Promise<Response> {
  const { method, headers } = request
  const { pathname, searchParams } = new URL(request.url)
  const route = toRoute(pathname, (path) => endpoints.some((row) => row.path === path))
  const rows = endpoints.filter((row) => row.path === route?.path)
  if (rows.some((row) => !row.isOpen)) assertKey(core.settings.apiKeys, headers)
  assertVersion(headers.get('cdi-version'))
  if (!route && method !== 'HEAD') {
    throw new Refusal(404, 'Not found', `no endpoint ${method} ${pathname}`)
  }
  const fitting = rows.filter((row) => row.method === method)
  const row = fitting.find(({ rid }) => rid === headers.get('rid')) ?? fitting[0]
  if (!route || !row) throw new Refusal(405, 'Method not supported')
  const query = Object.fromEntries(searchParams)
  return row.handle(core, { route, query, body: await request.text() })
}

/** @throws {Refusal} 401 unless one of the keys is carried, if there are any. */
function assertKey(keys: readonly string[], headers: Headers): void {
  const bearer = headers.get('authorization')?.replace(/^bearer /i, '')
  const given = (headers.get('api-key') ?? bearer)?.trim()
  if (keys.length > 0 && !keys.some((key) => key === given)) {
    throw new Refusal(401, 'Invalid API key')
  }
}

/** @throws {Refusal} 400 when another version of the interface is asked for; none asked is fine. */
function assertVersion(version: string | null): void {
  if (version !== null && version !== CDI_VERSION) {
    throw new Refusal(400, `cdi-version ${version} not supported`)
  }
}
