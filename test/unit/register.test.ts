import { describe, it } from 'vitest'
import { typecheck } from '../support/core-typecheck.js'

const PRELUDE = `
import type { Auth, AuthFunctions, Policy, SignedInAuth } from 'authmux'
declare const functions: AuthFunctions
declare const auth: SignedInAuth
function same<A>() {
  return <B>(..._: [A] extends [B] ? ([B] extends [A] ? [] : ['too narrow']) : ['too wide']) => {}
}
const handler = () => new Response()
`

describe.concurrent('Register', () => {
  it('types claims, roles and permissions wherever they appear', async ({ expect }) => {
    const found = await typecheck(`${PRELUDE}
      declare module 'authmux' {
        interface Register {
          claims: { plan?: 'free' | 'pro'; seats: number }
          role: 'admin' | 'member'
          permission: 'invoice:read' | 'invoice:write'
        }
        interface NativeSessions {
          acme: { readonly acmeId: number }
        }
      }
      same<typeof auth.provider>()<'acme'>()
      same<Awaited<ReturnType<typeof auth.native>>>()<{ readonly acmeId: number }>()
      declare const either: Auth
      if (either.provider === 'acme') same<typeof either.userId>()<string>()
      // @ts-expect-error no such provider
      if (either.provider === 'acmee') same<1>()<1>()
      same<(typeof auth.roles)[number]>()<'admin' | 'member'>()
      same<(typeof auth.permissions)[number]>()<'invoice:read' | 'invoice:write'>()
      same<typeof auth.claims.plan>()<'free' | 'pro' | undefined>()
      same<typeof auth.claims.seats>()<number>()
      same<typeof auth.claims.anything>()<unknown>()
      functions.requireAuth(handler, { role: 'admin', permission: 'invoice:write' })
      // @ts-expect-error no such role
      functions.requireAuth(handler, { role: 'owner' })
      // @ts-expect-error no such permission
      functions.requireAuth(handler, { permission: 'invoice:delete' })
      auth.has({ role: 'member' })
      // @ts-expect-error no such role
      auth.has({ role: 'Member' })
      // @ts-expect-error no such permission
      auth.has({ permission: 'admin' })
      functions.withAuth(({ auth }) => {
        if (auth.isAuthenticated) same<typeof auth.claims.seats>()<number>()
        return new Response()
      })
      functions.requireAuth(handler, { check: ({ claims, roles }) => claims.seats > 1 && roles.includes('admin') })
    `)
    expect(found).toEqual([])
  })

  it('leaves everything a string where nothing is declared', async ({ expect }) => {
    const found = await typecheck(`${PRELUDE}
      same<(typeof auth.roles)[number]>()<string>()
      same<(typeof auth.permissions)[number]>()<string>()
      same<typeof auth.claims.plan>()<unknown>()
      same<typeof auth.provider>()<string>()
      functions.requireAuth(handler, { role: 'whatever', permission: 'whatever' })
    `)
    expect(found).toEqual([])
  })

  it('takes one declaration without the others, and no mistake', async ({ expect }) => {
    const found = await typecheck(`${PRELUDE}
      declare module 'authmux' {
        interface Register {
          role: 'admin'
        }
      }
      same<(typeof auth.roles)[number]>()<'admin'>()
      same<(typeof auth.permissions)[number]>()<string>()
      same<typeof auth.claims.plan>()<unknown>()
      const wrong: Policy = { rol: 'admin' }
      same<(typeof auth.roles)[number]>()<'member'>()
    `)
    expect(found).toEqual([
      expect.stringContaining("'rol' does not exist"),
      expect.stringContaining('Expected 1 arguments'),
    ])
  })

  it('leaves declared claims as read-only as they are frozen', async ({ expect }) => {
    const found = await typecheck(`${PRELUDE}
      declare module 'authmux' {
        interface Register {
          claims: { seats: number }
        }
      }
      // @ts-expect-error read only
      auth.claims.seats = 1
    `)
    expect(found).toEqual([])
  })
})
