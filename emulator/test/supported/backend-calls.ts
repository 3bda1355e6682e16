/** Every endpoint of the Backend API that Clerk's SDK has a method for: all are called once. */

import { createClerkClient } from '@clerk/backend'
import type { Row } from './rows.js'

/** What methods are given: an object of whatever they look for, or a path segment named after it. */
function anything(name: string): object {
  return new Proxy(
    {},
    {
      get(_, member) {
        if (member === Symbol.toPrimitive || member === 'toString') return () => `:${name}`
        if (member === Symbol.iterator) return () => [anything(name)].values()
        if (typeof member === 'symbol') return undefined
        return Object.hasOwn(special, member) ? special[member] : anything(member)
      },
    },
  )
}

/** Members that have to be of some kind. */
const special: Readonly<Record<string, unknown>> = {
  idempotencyKey: 'key',
  requestHeaders: new Headers(),
  startsWith: () => true,
  map: () => [],
  // With metadata, methods go a way that is on its way out.
  publicMetadata: undefined,
  privateMetadata: undefined,
  unsafeMetadata: undefined,
}

/** @returns The rows, and the methods that sent nothing. */
export async function listBackendCalls(): Promise<{ rows: Row[]; silent: string[] }> {
  const rows: Row[] = []
  const silent: string[] = []
  const send = globalThis.fetch
  globalThis.fetch = async (input, init) => {
    const { pathname } = new URL(String(input))
    rows.push({ method: init?.method ?? 'GET', path: decodeURIComponent(pathname) })
    return Response.json({})
  }
  try {
    const client = createClerkClient({
      secretKey: 'sk_test_none',
      machineSecretKey: 'ak_none',
      apiUrl: 'http://api.test',
      telemetry: { disabled: true },
    })
    for (const [name, api] of Object.entries(client)) {
      if (typeof api !== 'object' || api === null || name === 'telemetry') continue
      for (const method of methodsOf(api)) {
        const before = rows.length
        try {
          await Object(api)[method](...['id', 'id2', 'id3', 'id4'].map(anything))
        } catch {
          // What becomes of the answer does not matter here.
        }
        if (rows.length === before) silent.push(`${name}.${method}`)
      }
    }
  } finally {
    globalThis.fetch = send
  }
  return { rows, silent }
}

function methodsOf(api: object): string[] {
  return Object.getOwnPropertyNames(Object.getPrototypeOf(api)).filter(
    (name) =>
      !['constructor', 'requireId'].includes(name) && typeof Object(api)[name] === 'function',
  )
}
