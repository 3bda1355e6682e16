import { type ClerkClient, createClerkClient } from '@clerk/backend'
import { isClerkAPIResponseError } from '@clerk/backend/errors'
import { afterAll, beforeEach } from 'vitest'
import { type Listener, listen } from '../../src/base/listen.js'
import { type ClerkInstance, createClerkInstance } from '../../src/clerk/instance.js'
import type { ClerkInstanceOptions } from '../../src/clerk/options.js'

export interface Served extends Listener {
  readonly instance: ClerkInstance
  /** The real SDK, pointed at the stand-in. */
  readonly client: ClerkClient
}

/** A stand-in over HTTP, and Clerk's own SDK talking to it. */
export async function serve(options: ClerkInstanceOptions = {}): Promise<Served> {
  const instance = await createClerkInstance(options)
  const listener = await listen(instance)
  return { ...listener, instance, client: clientOf(instance, listener.url) }
}

export function clientOf(instance: ClerkInstance, apiUrl: string): ClerkClient {
  const { publishableKey, secretKey } = instance
  return createClerkClient({ publishableKey, secretKey, apiUrl, telemetry: { disabled: true } })
}

/** The same for all tests of a file, with nothing in it before each. */
export async function serveTests(options: ClerkInstanceOptions = {}): Promise<Served> {
  const served = await serve(options)
  beforeEach(() => reset(served.instance))
  afterAll(() => served.close())
  return served
}

/** Makes an instance forget everything but its keys: making those is what takes time. */
export function reset({ store }: ClerkInstance): void {
  for (const table of Object.values(store)) {
    if (Array.isArray(table)) table.length = 0
    else table.clear()
  }
}

/** What a call to the Backend API was refused with. */
export async function refusal(call: Promise<unknown>): Promise<{
  status: number
  codes: string[]
  parameters: (string | undefined)[]
  retryAfter: number | undefined
}> {
  try {
    await call
  } catch (error) {
    if (!isClerkAPIResponseError(error)) throw error
    return {
      status: error.status,
      codes: error.errors.map(({ code }) => code),
      parameters: error.errors.map(({ meta }) => meta?.paramName),
      retryAfter: error.retryAfter,
    }
  }
  return { status: 200, codes: [], parameters: [], retryAfter: undefined }
}

/** Enough of a user to be accepted. */
export const ADA = { emailAddress: ['ada@example.com'], password: 'correct horse battery' }
