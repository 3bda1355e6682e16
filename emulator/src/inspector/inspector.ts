/** The inspector: what a stand-in remembers, its log and its switches, for people and for scripts. */

import { createHash } from 'node:crypto'
import { Hono, type HonoRequest } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { StandIn } from '../base/stand-in.js'
import { SeedError } from '../seed/error.js'
import type { Problem } from '../seed/problem.js'
import { ActionError, actions } from './actions.js'
import { refusalOf } from './guard.js'
import { page } from './page.js'
import { STYLE } from './style.js'
import { views } from './views.js'

/** Where the inspector is, at every stand-in. */
export const INSPECTOR_PATH = '/_emulator'

const MAX_BODY_BYTES = 1_000_000

/** Whether a request is the inspector's to answer. */
export function isForInspector({ url }: Request): boolean {
  const { pathname } = new URL(url)
  return pathname === INSPECTOR_PATH || pathname.startsWith(`${INSPECTOR_PATH}/`)
}

/** Answers requests below {@link INSPECTOR_PATH}, whatever the faults of the stand-in. */
export function createInspector(standIn: StandIn): (request: Request) => Promise<Response> {
  const headers = securityHeaders()
  const app = new Hono()

  app.use(async (context, next) => {
    const refusal = refusalOf(context.req.raw)
    if (refusal === null) await next()
    else context.res = new Response(`${refusal}\n`, { status: 403 })
    for (const [name, value] of headers) context.res.headers.set(name, value)
  })
  app.use(bodyLimit({ maxSize: MAX_BODY_BYTES }))

  // Links and forms on the page start from its folder.
  app.get(INSPECTOR_PATH, (context) => context.redirect(`${INSPECTOR_PATH}/`, 301))
  app.get(`${INSPECTOR_PATH}/`, (context) =>
    context.html(page(standIn, new URL(context.req.url).origin)),
  )

  app.get(`${INSPECTOR_PATH}/api/:view`, (context) => {
    const view = views.get(context.req.param('view'))
    if (!view) return context.notFound()
    return context.json(view(standIn, new URL(context.req.url).origin))
  })

  app.post(`${INSPECTOR_PATH}/api/:action`, async (context) => {
    const name = context.req.param('action')
    if (!actions.has(name)) return context.notFound()
    const outcome = await act(standIn, name, parseJson(await context.req.text()))
    return outcome.isDone
      ? context.json(outcome.answer)
      : context.json({ problems: outcome.problems }, outcome.status)
  })

  app.post(`${INSPECTOR_PATH}/:action`, async (context) => {
    const name = context.req.param('action')
    if (!actions.has(name)) return context.notFound()
    const outcome = await act(standIn, name, await readForm(context.req))
    if (outcome.isDone) return context.redirect(`${INSPECTOR_PATH}/`, 303)
    const { origin } = new URL(context.req.url)
    return context.html(page(standIn, origin, outcome.problems), outcome.status)
  })

  return async (request) => app.fetch(request)
}

type Outcome =
  | { readonly isDone: true; readonly answer: object }
  | { readonly isDone: false; readonly status: 400 | 404; readonly problems: readonly Problem[] }

/** Takes an action, and leaves a line in the log. */
async function act(standIn: StandIn, name: string, input: unknown): Promise<Outcome> {
  const outcome = await attempt(standIn, name, input)
  standIn.log.add({
    at: standIn.clock.now(),
    method: 'POST',
    path: `${INSPECTOR_PATH}/${name}`,
    status: outcome.isDone ? 200 : outcome.status,
    note: 'inspector',
  })
  return outcome
}

async function attempt(standIn: StandIn, name: string, input: unknown): Promise<Outcome> {
  try {
    const answer = await actions.get(name)?.(standIn, input)
    return { isDone: true, answer: Object(answer) }
  } catch (error) {
    if (error instanceof ActionError) {
      return { isDone: false, status: error.status, problems: error.problems }
    }
    if (error instanceof SeedError) return { isDone: false, status: 400, problems: error.problems }
    throw error
  }
}

/** `null` for what is no form, which no action takes. */
async function readForm(request: HonoRequest): Promise<unknown> {
  try {
    return await request.parseBody()
  } catch (error) {
    if (error instanceof TypeError) return null
    throw error
  }
}

/** `null` for what is no JSON, which no action takes; nothing at all is an empty object. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text || '{}')
  } catch {
    return null
  }
}

function securityHeaders(): readonly (readonly [name: string, value: string])[] {
  const styleDigest = createHash('sha256').update(STYLE).digest('base64')
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${styleDigest}'`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ]
  return [
    ['content-security-policy', policy.join('; ')],
    ['cache-control', 'no-store'],
    ['cross-origin-opener-policy', 'same-origin'],
    ['cross-origin-resource-policy', 'same-origin'],
    // Forms would come without their origin otherwise.
    ['referrer-policy', 'same-origin'],
    ['x-content-type-options', 'nosniff'],
    ['x-frame-options', 'DENY'],
  ]
}
