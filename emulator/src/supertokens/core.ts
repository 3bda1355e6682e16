/** A stand-in for a SuperTokens core: the interface of version 5.4 over a store in memory. */

import { type Answered, answering } from '../base/answering.js'
import { createFaults } from '../base/faults.js'
import { createLog } from '../base/log.js'
import { refuseProduction } from '../base/production.js'
import type { StandIn } from '../base/stand-in.js'
import { createCoreAdmin } from './admin.js'
import { Refusal, text } from './answer.js'
import { RUN_EVERY_MS, runQueue } from './bulk-import/queue.js'
import { type CoreContext, createContext } from './context.js'
import type { CoreEndpoint } from './endpoint.js'
import { endpoints } from './endpoints.js'
import type { SuperTokensCoreOptions } from './options.js'
import { CDI_VERSION } from './recipes/service.js'
import { toRoute } from './route.js'
import { saveCore } from './snapshot.js'
import type { Store } from './store.js'

/** A core that answers in this process, with switches a real one does not have. */
export interface SuperTokensCore extends StandIn {
  readonly endpoints: readonly CoreEndpoint[]
  /** All the stand-in remembers: users, sessions, codes and tokens in plain text. */
  readonly store: Store
  /** Runs the bulk import now; by itself it runs at the first call after every five minutes. */
  runBulkImport(): Promise<void>
}

/**
 * A core with nothing in it, or with what a snapshot has; `listen` serves it over HTTP.
 * @throws {EmulatorMisuse} when `NODE_ENV` is `production`, or the snapshot cannot be read.
 */
export async function createSuperTokensCore(
  options: SuperTokensCoreOptions = {},
): Promise<SuperTokensCore> {
  refuseProduction()
  const core = createContext(options)
  const { clock, store, settings } = core
  const log = createLog()
  const faults = createFaults(clock)
  let nextImportAt = clock.now() + RUN_EVERY_MS

  async function runDueImport(): Promise<void> {
    if (clock.now() < nextImportAt) return
    nextImportAt = clock.now() + RUN_EVERY_MS
    await runQueue(core)
  }

  return {
    vendor: 'supertokens',
    fetch: answering({ clock, faults, log }, async (request, fault) => {
      if (fault) return { response: fault, note: 'emulated fault' }
      await runDueImport()
      return answer(core, request)
    }),
    clock,
    faults,
    log,
    endpoints,
    store,
    admin: createCoreAdmin(core),
    rotateKeys: () => core.keys.rotate(),
    expireSession(handle) {
      const session = store.sessions.get(handle)
      if (session) session.expiry = clock.now() - 1
      return session !== undefined
    },
    revokeSession: (handle) => store.sessions.delete(handle),
    environment(url) {
      const [apiKey] = settings.apiKeys
      return {
        SUPERTOKENS_CONNECTION_URI: url,
        ...(apiKey !== undefined && { SUPERTOKENS_API_KEY: apiKey }),
      }
    },
    snapshot: () => saveCore(core),
    runBulkImport: () => runQueue(core),
  }
}

async function answer(core: CoreContext, request: Request): Promise<Answered> {
  try {
    return { response: await dispatch(core, request) }
  } catch (error) {
    if (error instanceof Refusal) {
      const { status, message, missing } = error
      return { response: text(status, message), ...(missing !== undefined && { missing }) }
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
    throw new Refusal(404, 'Not found', `endpoint ${method} ${pathname}`)
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
