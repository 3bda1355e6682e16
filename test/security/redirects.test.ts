/** Where the app can be made to send a browser, by every class of address that has fooled a check. */

import { describe, expect, it } from 'vitest'
import { toReturnPath } from '../../src/return-path.js'
import { hostilePaths } from '../support/core-redirects.js'
import { documentHeaders } from '../support/http.js'
import { createSecurityApp, ORIGIN } from '../support/security-apps.js'
import { grouped, record } from '../support/security-figures.js'
import { type VendorName, vendors } from '../support/vendor-kits.js'

const EVIL = 'evil.example'
const HOST = 'app.example.com'

/** Classes the core's own table has not: numbers for hosts, look-alikes, parser disagreements. */
const more: readonly string[] = [
  ...[
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '127.1',
    '[::ffff:7f00:1]',
    '[::1]',
    '[fe80::1%25a]',
  ].flatMap((host) => [`//${host}`, `https://${host}/`, `/\\${host}`]),
  ...[
    'xn--e1awd7f.example',
    'ⓔⓥⓘⓛ.example',
    'evil。example',
    'evil．example',
    'еvil.example',
    'ＥＶＩＬ.example',
  ].flatMap((host) => [`//${host}`, `https://${host}`, `/\t/${host}`]),
  ...['%0d%0a', '%0a', '%09', '%00', '%20', '%E3%80%82', '%2e', '%5c', '%252f'].flatMap((code) => [
    `${code}//${EVIL}`,
    `/${code}/${EVIL}`,
    `https://${HOST}${code}@${EVIL}`,
    `https://${HOST}${code}.${EVIL}`,
  ]),
  ...['http', 'https', 'HTTP', 'hTTpS'].flatMap((scheme) => [
    `${scheme}:${EVIL}`,
    `${scheme}:/${EVIL}`,
    `${scheme}:\\\\${EVIL}`,
    `${scheme}:///${EVIL}`,
    `${scheme}:////${HOST}@${EVIL}`,
    `${scheme}:\t//${EVIL}`,
  ]),
  ...['#', '?', ';', '&', '|', '^', '`', '{', '<', '"', "'", '~'].flatMap((mark) => [
    `//${EVIL}${mark}@${HOST}/`,
    `//${HOST}${mark}.${EVIL}/`,
  ]),
  `https://${HOST}:@${EVIL}`,
  `https://${EVIL}\\.${HOST}`,
  `https://${EVIL}%23.${HOST}`,
  `https://user:${HOST}@${EVIL}`,
  `https:${HOST}@${EVIL}`,
  `//${EVIL}:80#@${HOST}`,
  `///${EVIL}@${HOST}`,
  `javascript://${HOST}/%0aalert(1)`,
  `java\nscript:alert(1)`,
  `\u0001javascript:alert(1)`,
  `data:text/html;base64,PHNjcmlwdD4=`,
  `blob:https://${HOST}/x`,
  `filesystem:https://${HOST}/x`,
  `view-source:https://${HOST}`,
]

const payloads: readonly string[] = [...new Set([...hostilePaths, ...more])]

/** Pages a relative address may be read on. */
const pages = [`${ORIGIN}/`, `${ORIGIN}/a/b?c#d`, `${ORIGIN}/sign-in`]

/** Unlike `encodeURIComponent`, takes half a surrogate pair. */
const encode = (text: string) => new URLSearchParams([['', text]]).toString().slice(1)

const leavesApp = (location: string) =>
  pages.some((page) => !URL.canParse(location, page) || new URL(location, page).origin !== ORIGIN)

/** Where each vendor's auth routes are mounted. */
const mounts: Readonly<Record<VendorName, string>> = { clerk: '/api/auth', supertokens: '/auth' }

it('return paths never leave the app', (context) => {
  expect(payloads.length).toBeGreaterThanOrEqual(200)
  const off = payloads.filter((payload) => leavesApp(toReturnPath(payload, [ORIGIN]) ?? '/'))
  expect(off).toEqual([])
  record(context, 'redirects', `${payloads.length} payloads as return paths, 0 off-origin`)
})

describe.each(vendors)('redirects of an app on %s', (vendor) => {
  const app = createSecurityApp(vendor, { auth: { signInPath: '/sign-in' } })
  const handler = app.auth.authHandler()

  it('never leave the app after a session was healed, nor when it was not', async (context) => {
    const cookies = [app.cookie(app.token('user-1')), '']
    const off: string[] = []
    let redirects = 0
    for (const payload of payloads) {
      for (const spelled of new Set([payload, encode(payload)])) {
        for (const cookie of cookies) {
          const returnTo = encode(spelled)
          const url = `${ORIGIN}${mounts[vendor]}/session/refresh/continue?returnTo=${returnTo}`
          const headers = { ...documentHeaders, cookie, 'x-forwarded-host': EVIL }
          const response = await handler(new Request(url, { headers }))
          const location = response.headers.get('location')
          if (location !== null) redirects++
          const wanted = location && new URL(location, ORIGIN).searchParams.get('returnTo')
          if (location === null || leavesApp(location)) off.push(`${payload} → ${location}`)
          if (wanted && leavesApp(wanted)) off.push(`${payload} → ${wanted} after signing in`)
        }
      }
    }
    expect(off).toEqual([])
    record(
      context,
      'redirects',
      `${vendor}: ${grouped(redirects)} redirects after healing, 0 off-origin`,
    )
  })

  it('to sign in never carry an address elsewhere', async (context) => {
    const guarded = app.auth.requireAuth(() => new Response('in'))
    const off: string[] = []
    let redirects = 0
    for (const payload of payloads) {
      for (const url of [
        payload,
        `/${payload}`,
        `${ORIGIN}/${payload}`,
        `/a?returnTo=${payload}`,
      ]) {
        const headers = { ...documentHeaders, host: EVIL, 'x-forwarded-host': EVIL }
        const request = { method: 'GET', url, headers: new Headers(headers) }
        const response = await guarded(request as unknown as Request)
        const location = response.headers.get('location')
        if (location === null) continue
        redirects++
        const wanted = new URL(location, ORIGIN).searchParams.get('returnTo')
        if (leavesApp(location)) off.push(`${url} → ${location}`)
        if (wanted && leavesApp(wanted)) off.push(`${url} → ${wanted} after signing in`)
      }
    }
    expect(off).toEqual([])
    expect(redirects).toBeGreaterThan(payloads.length)
    record(
      context,
      'redirects',
      `${vendor}: ${grouped(redirects)} redirects to sign in, 0 off-origin`,
    )
  })
})
