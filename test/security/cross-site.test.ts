/** What another site can make a browser send with its visitor's cookies: nothing reaches a handler. */

import { describe, expect, it } from 'vitest'
import { createSecurityApp, ORIGIN, routers } from '../support/security-apps.js'
import { record } from '../support/security-figures.js'
import { vendors } from '../support/vendor-kits.js'

const methods = [
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'QUERY',
  'PROPFIND',
  'post',
  'Delete',
  'get ',
] as const

/** Origins that are not the app's, however much they look like it. */
const origins = [
  'https://evil.example',
  'null',
  'https://app.example.com.evil.example',
  'https://evil-app.example.com',
  'https://sub.app.example.com',
  'http://app.example.com',
  'https://app.example.com:8443',
  'https://app.example.com/',
  'https://app.example.com@evil.example',
  'HTTPS://APP.EXAMPLE.COM',
  'https://app.example.com, https://evil.example',
  'app.example.com',
  'file://',
  'chrome-extension://abcdef',
] as const

/** What browsers say of such a request; old ones say nothing but its origin. */
const sites = ['cross-site', 'same-site', 'none', 'SAME-ORIGIN', 'same-origin,', undefined] as const

/** Bodies a form can send without being asked first. */
const types = [
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/plain',
  'application/json',
] as const

describe.each(vendors)('requests of another site to an app on %s', (vendor) => {
  const app = createSecurityApp(vendor)
  const { cookie = '' } = app.carry(app.token('user-1'), 'cookie')

  it('with an unsafe method reach no handler', async (context) => {
    const reached: string[] = []
    let tried = 0
    for (const method of methods) {
      for (const [index, origin] of origins.entries()) {
        for (const site of sites) {
          for (const router of routers) {
            if (router === 'fetch' && !/^[A-Za-z]+$/.test(method)) continue
            const headers = {
              cookie,
              origin,
              'content-type': types[index % types.length] as string,
              ...(site !== undefined && { 'sec-fetch-site': site }),
              'x-forwarded-host': 'evil.example',
              'x-http-method-override': 'GET',
            }
            const { entered, status } = await app.visit(headers, router, method)
            tried++
            if (entered !== null || status !== 403) reached.push(`${method} ${origin} ${site}`)
          }
        }
      }
      for (const site of ['cross-site', 'same-site', 'none']) {
        const headers = { cookie, 'sec-fetch-site': site }
        const { entered } = await app.visit(headers, 'node', method)
        tried++
        if (entered !== null) reached.push(`${method} ${site} without an origin`)
      }
    }
    expect(reached).toEqual([])
    record(
      context,
      'cross-site',
      `${vendor}: ${tried} unsafe requests of other origins, 0 reach the handler`,
    )
  })

  it('cannot sign anybody out or in', async () => {
    const handler = app.auth.authHandler()
    for (const origin of origins) {
      const request = new Request(`${ORIGIN}/auth/signout`, {
        method: 'POST',
        headers: { cookie, origin, 'sec-fetch-site': 'cross-site' },
      })
      await expect(app.auth.signOut(request)).rejects.toMatchObject({ code: 'csrf_rejected' })
      expect((await handler(request)).status).toBe(403)
    }
  })

  it('are told apart from those of the app itself', async () => {
    for (const headers of [{ origin: ORIGIN }, { 'sec-fetch-site': 'same-origin' }]) {
      for (const router of routers) {
        expect((await app.visit({ cookie, ...headers }, router, 'POST')).entered).toBe('user-1')
      }
    }
  })
})
