/** Both vendors behind one face: how to configure an app for them, and how to sign somebody in. */

import { createServer } from 'node:http'
import { createClerkTestInstance } from '../../providers/clerk/testing.js'
import { createSuperTokensTestCore } from '../../providers/supertokens/testing.js'
import type { TestCredentials } from '../../src/testing/index.js'

export interface VendorKit {
  readonly environment: Readonly<Record<string, string>>
  signIn(
    userId: string,
    options?: { role?: string; expiresInSeconds?: number },
  ): Promise<TestCredentials>
  stop(): Promise<void>
}

export type VendorName = 'clerk' | 'supertokens'

export const vendors: readonly VendorName[] = ['clerk', 'supertokens']

/** @param origin Origin of the app under test. */
export async function createVendorKit(vendor: VendorName, origin: string): Promise<VendorKit> {
  return vendor === 'clerk' ? createClerkKit(origin) : createSuperTokensKit(origin)
}

async function createClerkKit(origin: string): Promise<VendorKit> {
  const instance = await createClerkTestInstance({ origin })
  return {
    environment: { AUTH_PROVIDER: 'clerk', ...instance.environment },
    signIn: (userId, { role, ...options } = {}) =>
      instance.signedIn({
        userId,
        ...options,
        ...(role && { claims: { metadata: { roles: [role] } } }),
      }),
    async stop() {},
  }
}

async function createSuperTokensKit(origin: string): Promise<VendorKit> {
  const core = await createSuperTokensTestCore({ issuer: `${origin}/api/auth`, origin })
  const server = createServer(async (incoming, outgoing) => {
    const response = await core.fetch(`http://core${incoming.url}`)
    outgoing.writeHead(response.status, Object.fromEntries(response.headers))
    outgoing.end(await response.text())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    environment: {
      AUTH_PROVIDER: 'supertokens',
      SUPERTOKENS_CONNECTION_URI: `http://127.0.0.1:${port}`,
    },
    signIn: (userId, options = {}) => core.signedIn({ userId, ...options }),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
