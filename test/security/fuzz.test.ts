/** Hostile bytes in every header that is read, in both routers: never an exception, never 5xx. */

import { performance } from 'node:perf_hooks'
import { describe, expect, it } from 'vitest'
import { createRandom, type Random } from '../support/random.js'
import { createSecurityApp, type SecurityApp } from '../support/security-apps.js'
import { grouped, record, seed, share } from '../support/security-figures.js'
import { vendors } from '../support/vendor-kits.js'

const PROMISED = 100_000
const KIBIBYTE = 2 ** 10
const MEBIBYTE = 2 ** 20

const names = [
  'authorization',
  'cookie',
  'origin',
  'host',
  'referer',
  'rid',
  'anti-csrf',
  'st-auth-mode',
  'sec-fetch-site',
  'sec-fetch-mode',
  'sec-fetch-dest',
  'x-forwarded-host',
  'x-forwarded-proto',
  'accept',
  'content-type',
] as const

const cookieNames = [
  '__session',
  '__session_12345678',
  '__client_uat',
  '__clerk_db_jwt',
  '__clerk_handshake',
  'sAccessToken',
  'sRefreshToken',
  'sIdRefreshToken',
  'sFrontToken',
  'st-last-access-token-update',
  '__proto__',
  'constructor',
  '',
] as const

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'X-ODD', ''] as const

/** Texts that have broken parsers of cookies, JSON, base64, percent-encoding or numbers before. */
const fragments = [
  '',
  ' ',
  '\t',
  '=',
  ';',
  ',',
  '"',
  '%',
  '%00',
  '%zz',
  '%E0%A4%A',
  '%ff',
  '\u00ff',
  '\u0000',
  '\r\n',
  '\ud800',
  '\ufeff',
  'null',
  'undefined',
  'NaN',
  '-1',
  '1e999',
  '99999999999999999999',
  '0x10',
  '{}',
  '[]',
  '{"__proto__":1}',
  'e30',
  'bnVsbA',
  'W10',
  'e30.e30.AA',
  'bnVsbA.bnVsbA.AA',
  'eyJhbGciOiJSUzI1NiJ9',
  '.',
  '..',
  '...',
  'Bearer ',
  'Bearer  ',
  'bearer ',
  'Basic YTpi',
  'DPoP ',
  'https://',
  'https://[::1',
  'javascript:',
  'same-origin',
  'navigate',
  'document',
  '\\',
  '{{7*7}}',
  '../'.repeat(40),
  '['.repeat(400),
  'A'.repeat(5000),
] as const

/** What both routers may be handed: one header name, one value or several. */
type HostileHeaders = Record<string, string | string[]>

function hostileText(random: Random, tokens: readonly string[]): string {
  const parts = Array.from({ length: random.below(5) }, () => {
    if (random.chance(0.25)) {
      const token = random.pick(tokens)
      return random.chance(0.5) ? token : token.slice(random.below(token.length))
    }
    if (random.chance(0.2)) {
      const codes = Array.from({ length: random.below(24) }, () =>
        random.chance(0.9) ? random.below(256) : random.below(0x1_0000),
      )
      return String.fromCharCode(...codes)
    }
    return random.pick(fragments)
  })
  return parts.join(random.pick(['', '', '.', ';', '=']))
}

function hostileHeaders(random: Random, tokens: readonly string[]): HostileHeaders {
  const headers: HostileHeaders = {}
  for (const name of ['authorization', 'cookie', ...random.some(names, 0.2)]) {
    if (name === 'cookie') {
      const pairs = Array.from({ length: random.below(6) }, () => {
        return `${random.pick(cookieNames)}${random.pick(['=', '=', '=', ''])}${hostileText(random, tokens)}`
      })
      headers.cookie = pairs.join(random.pick(['; ', ';', ',', ' ']))
    } else if (name === 'authorization') {
      if (random.chance(0.4)) continue
      headers.authorization = random.pick(['Bearer ', 'Bearer ', '']) + hostileText(random, tokens)
    } else {
      headers[name] = hostileText(random, tokens)
    }
    if (random.chance(0.03)) headers[name] = [String(headers[name]), hostileText(random, tokens)]
  }
  return headers
}

/** As Fetch has them: what no server would hand over is left out. */
function carried(headers: HostileHeaders): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => {
    const text = [value].flat().join(name === 'cookie' ? '; ' : ', ')
    return [name, text.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '')] as const
  })
  return Object.fromEntries(entries)
}

describe.each(vendors)('hostile headers at an app on %s', (vendor) => {
  it(`are refused or ignored, seed ${seed}`, async (context) => {
    const app = createSecurityApp(vendor)
    const random = createRandom(seed)
    const tokens = ['user-1', 'user-2'].map((userId) => app.token(userId))
    const wrong: string[] = []
    const statuses = new Map<number, number>()
    const wanted = share(PROMISED)
    for (let tried = 0; tried < wanted; tried++) {
      const headers = hostileHeaders(random, tokens)
      const method = random.pick(methods)
      const isFetch = tried % 2 === 0
      try {
        const { status, entered } = isFetch
          ? await app.visit(carried(headers), 'fetch', method || 'GET')
          : await app.visit(headers as Record<string, string>, 'node', method)
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
        const isPerson = entered === 'user-1' || entered === 'user-2'
        if (status >= 500 || (status === 200) !== isPerson) wrong.push(`case ${tried}: ${status}`)
      } catch (error) {
        wrong.push(`case ${tried}: ${String(error)}`)
      }
    }
    expect(wrong.slice(0, 10), `seed ${seed}`).toEqual([])
    expect(app.errors).toEqual([])
    // Some of it is a good token among rubbish; without any, the mill would grind nothing but chaff.
    expect(statuses.get(200)).toBeGreaterThan(wanted / 200)
    expect(statuses.get(401)).toBeGreaterThan(wanted / 4)
    record(
      context,
      'fuzz',
      `${vendor}: ${grouped(wanted)} inputs, seed ${seed}, 0 throws, 0 answered 5xx`,
    )
  })
})

/** Longest wait for a verdict on one token, in milliseconds: the median of several. */
async function timeToRefuse(app: SecurityApp, headers: Record<string, string>): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < 21; round++) {
    const start = performance.now()
    const { entered } = await app.visit(headers, 'node')
    times.push(performance.now() - start)
    expect(entered).toBeNull()
  }
  return times.sort((one, other) => one - other)[10] as number
}

describe.each(vendors)('over-long tokens at an app on %s', (vendor) => {
  it('are refused before they are decoded, in a millisecond', async (context) => {
    const app = createSecurityApp(vendor)
    const good = app.token('user-1')
    const rows = {
      '20 MiB of one letter': 'A'.repeat(20 * MEBIBYTE),
      '20 MiB of three segments': ['A', 'B', 'C']
        .map((letter) => letter.repeat(7 * MEBIBYTE))
        .join('.'),
      '20 MiB of signature': good + 'A'.repeat(20 * MEBIBYTE),
      '20 MiB of dots': '.'.repeat(20 * MEBIBYTE),
      'a signed token of 9000 characters': app.token('user-1', { ballast: 'x'.repeat(6500) }),
    }
    await timeToRefuse(app, app.carry('a.b.c', 'bearer'))
    const slowest = { says: '', milliseconds: 0 }
    for (const [says, token] of Object.entries(rows)) {
      const milliseconds = await timeToRefuse(app, app.carry(token, 'bearer'))
      if (milliseconds > slowest.milliseconds) Object.assign(slowest, { says, milliseconds })
      // Node takes 16 KiB of headers by default, other servers up to 64.
      const cookie = app.carry(token.slice(-64 * KIBIBYTE), 'cookie')
      const spent = await timeToRefuse(app, cookie)
      if (spent > slowest.milliseconds) {
        Object.assign(slowest, { says: `cookie: ${says}, the last 64 KiB`, milliseconds: spent })
      }
    }
    expect(slowest).toMatchObject({ milliseconds: expect.toSatisfy((time: number) => time <= 1) })
    const figure = `${slowest.milliseconds.toFixed(2)} ms (${slowest.says})`
    record(context, 'fuzz', `${vendor}: over-long tokens refused; slowest median of 21: ${figure}`)
  })
})
