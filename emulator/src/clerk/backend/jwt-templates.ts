/** Templates of JWTs. */

import { z } from 'zod'
import { type Call, type ClerkEndpoint, readBody, readQuery } from '../call.js'
import { flag, limit, offset, page, text } from '../fields.js'
import { createId } from '../identifiers.js'
import { deletedJson } from '../json/deleted.js'
import { ClerkProblem, isTaken, notFound } from '../problem.js'
import type { TemplateRecord } from '../records.js'
import { select } from '../store.js'

const listSchema = z.object({ limit, offset, paginated: z.stringbool().default(false) })
const templateSchema = z.object({
  name: z.string().min(1),
  claims: z.record(z.string(), z.unknown()),
  lifetime: z.number().int().min(30).max(315_360_000).nullish(),
  allowed_clock_skew: z.number().int().min(0).max(300).nullish(),
  custom_signing_key: flag,
  signing_algorithm: text,
  signing_key: text,
})

const LIFETIME_SECONDS = 60
const CLOCK_SKEW_SECONDS = 5

/** Claims that Clerk sets itself. */
const RESERVED = ['azp', 'exp', 'iat', 'iss', 'jti', 'nbf', 'sub']

export const jwtTemplateEndpoints: readonly ClerkEndpoint[] = [
  {
    method: 'GET',
    path: '/v1/jwt_templates',
    handle: (call) => {
      const templates = [...call.state.store.templates.values()]
      const { paginated, ...range } = readQuery(call, listSchema)
      const data = page(templates, range).map(templateJson)
      return paginated ? { data, total_count: templates.length } : data
    },
  },
  {
    method: 'POST',
    path: '/v1/jwt_templates',
    handle: async (call) => {
      const fields = await readTemplate(call)
      const { clock, store } = call.state
      const id = createId('jtmp')
      const template = { id, createdAt: clock.now(), updatedAt: clock.now(), ...fields }
      store.templates.set(id, template)
      return templateJson(template)
    },
  },
  {
    method: 'GET',
    path: '/v1/jwt_templates/:id',
    handle: (call) => templateJson(templateOf(call)),
  },
  {
    method: 'PATCH',
    path: '/v1/jwt_templates/:id',
    handle: async (call) => {
      const template = templateOf(call)
      const fields = await readTemplate(call, template)
      Object.assign(template, fields, { updatedAt: call.state.clock.now() })
      return templateJson(template)
    },
  },
  {
    method: 'DELETE',
    path: '/v1/jwt_templates/:id',
    handle: (call) => {
      const { id } = templateOf(call)
      call.state.store.templates.delete(id)
      return deletedJson('jwt_template', id)
    },
  },
]

type TemplateFields = Omit<TemplateRecord, 'id' | 'createdAt' | 'updatedAt'>

async function readTemplate(call: Call, self?: TemplateRecord): Promise<TemplateFields> {
  const body = await readBody(call, templateSchema)
  const reserved = RESERVED.find((name) => Object.hasOwn(body.claims, name))
  if (reserved !== undefined) {
    const message = `You can't use the reserved claim: '${reserved}'`
    throw new ClerkProblem({ code: 'jwt_template_reserved_claim', message, parameter: 'claims' })
  }
  const namesakes = select(call.state.store.templates, ({ name }) => name === body.name)
  if (namesakes.some((its) => its !== self)) throw isTaken('name')
  return {
    name: body.name,
    claims: body.claims,
    lifetimeSeconds: body.lifetime ?? LIFETIME_SECONDS,
    allowedClockSkewSeconds: body.allowed_clock_skew ?? CLOCK_SKEW_SECONDS,
    signing: body.custom_signing_key ? readSigning(body) : null,
  }
}

function readSigning(body: z.output<typeof templateSchema>): TemplateRecord['signing'] {
  const { signing_algorithm: algorithm, signing_key: key } = body
  if (algorithm && key) return { algorithm, key }
  throw new ClerkProblem({
    code: 'form_param_missing',
    message: 'is missing',
    longMessage: 'signing_algorithm and signing_key must be included with custom_signing_key.',
    parameter: algorithm ? 'signing_key' : 'signing_algorithm',
  })
}

function templateOf(call: Call): TemplateRecord {
  const id = call.parameter('id')
  const template = call.state.store.templates.get(id)
  if (!template) throw notFound('JWT template', id)
  return template
}

function templateJson(template: TemplateRecord): object {
  return {
    object: 'jwt_template',
    id: template.id,
    name: template.name,
    claims: template.claims,
    lifetime: template.lifetimeSeconds,
    allowed_clock_skew: template.allowedClockSkewSeconds,
    custom_signing_key: template.signing !== null,
    signing_algorithm: template.signing?.algorithm ?? 'RS256',
    created_at: template.createdAt,
    updated_at: template.updatedAt,
  }
}
