/** What is told to the operator when things go wrong, and what that never contains. */

import { format, inspect } from 'node:util'
import { describe, expect, it, vi } from 'vitest'
import { AuthError } from '../../src/errors.js'
import { carriers, createSecurityApp, NOW_SECONDS, routers } from '../support/security-apps.js'
import { grouped, record } from '../support/security-figures.js'
import { findSecrets } from '../support/security-output.js'
import { vendors } from '../support/vendor-kits.js'

/** Ways a vendor's answer can be read aloud by whoever cannot make sense of it. */
const answers: readonly (() => Response | Promise<Response>)[] = [
  () => Promise.reject(new TypeError('fetch failed')),
  () => new Response('<html>maintenance</html>', { status: 503 }),
  () => new Response('{"keys":[', { status: 200 }),
  () => Response.json({ keys: [] }),
  () => new Response('', { status: 401 }),
  () => Response.redirect('https://evil.example'),
]

describe.each(vendors)('what an app on %s prints and answers', (vendor) => {
  it('names no token, cookie or secret', async (context) => {
    const printed: string[] = []
    const spy = vi.spyOn(console, 'error').mockImplementation((...parts: unknown[]) => {
      printed.push(format(...parts))
    })
    let refusals = 0
    for (const answer of answers) {
      const app = createSecurityApp(vendor, {
        fetch: async () => answer(),
        // Left to itself an app prints what it is told.
        auth: { onError: (error) => console.error(error) },
      })
      const tokens = [
        app.token('user-1'),
        app.token('user-1', { exp: NOW_SECONDS - 600 }),
        app.token('user-1', { iss: 'https://evil.example' }),
        `${app.token('user-1')}=`,
        app.token('user-1').slice(0, -40),
      ]
      for (const token of tokens) {
        for (const carrier of carriers) {
          for (const router of routers) {
            for (const method of ['GET', 'POST']) {
              const headers = { ...app.carry(token, carrier), origin: 'https://evil.example' }
              const { body, header, status } = await app.visit(headers, router, method)
              expect(status).toBeGreaterThanOrEqual(401)
              printed.push(body, header('www-authenticate') ?? '', header('location') ?? '')
              refusals++
            }
          }
        }
      }
      printed.push(...app.errors.map((error) => inspect(error, { depth: 9, showHidden: true })))
    }
    spy.mockRestore()
    const text = printed.join('\n')
    expect(text).toContain('provider_unavailable')
    expect(findSecrets(text)).toEqual([])
    const bytes = grouped(Buffer.byteLength(text))
    record(
      context,
      'output',
      `${vendor}: ${refusals} refusals, ${bytes} bytes printed and answered, 0 secret`,
    )
  })
})

describe('the search for secrets', () => {
  const app = createSecurityApp('clerk')
  const token = app.token('user-1')

  it.each<[string, string, string]>([
    ['a token', `refused: ${token}`, 'a token'],
    ['claims alone', `claims ${token.split('.')[1]}`, 'the claims of a token'],
    ['a signature alone', `.${token.split('.')[2]}`, 'a signature'],
    ['a cookie', app.cookie(token), 'a session cookie'],
    ['a cookie of SuperTokens', `sRefreshToken=${'a1'.repeat(20)}`, 'a session cookie'],
    ['a secret key', inspect(new AuthError('token_invalid', 'sk_test_1234')), 'a secret key'],
    ['a signing secret', 'whsec_abcdefgh', 'a signing secret'],
    ['a private key', '-----BEGIN PRIVATE KEY-----', 'a private key'],
  ])('finds %s', (_, text, kind) => {
    expect(findSecrets(text)).toContain(kind)
  })

  it('finds nothing in ordinary words', () => {
    expect(findSecrets('The session token has expired at https://app.example.com/a?b=c')).toEqual(
      [],
    )
  })
})
