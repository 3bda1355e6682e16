/** A row in the table of endpoints: reads its input, then answers. */

import { z } from 'zod'
import type { Endpoint } from '../base/stand-in.js'
import { json, Refusal } from './answer.js'
import type { CoreContext } from './context.js'
import { PUBLIC, type Route } from './route.js'

/** One call, with its path read. */
export interface Call {
  readonly route: Route
  readonly query: Readonly<Record<string, string>>
  readonly body: string
}

/** Answers one call; rejects with a `Refusal` where it does not. */
export type CoreHandler = (core: CoreContext, call: Call) => Promise<Response>

/** A row of the table. */
export interface CoreEndpoint extends Endpoint<CoreHandler> {
  /** The `rid` header that selects the row among those with its path. */
  readonly rid?: string
  /** Answers without an API key. */
  readonly isOpen?: boolean
}

/** What sets a row apart from most. */
export interface Traits extends Pick<CoreEndpoint, 'rid' | 'isOpen'> {
  /**
   * Whose data it is about: a tenant's, the app's, or that of a session which names its tenant
   * itself. Default `app`.
   */
  readonly scope?: 'tenant' | 'app' | 'any'
}

/** For rows about the data of a tenant. */
export const perTenant: Traits = { scope: 'tenant' }
/** For rows to which the tenant makes no difference. */
export const anyTenant: Traits = { scope: 'any' }

/** Makes the body of the answer, or the answer. */
export type Answer<Schema extends z.ZodType> = (
  input: z.output<Schema>,
  core: CoreContext,
  call: Call,
) => object | Promise<object>

/** An endpoint that is asked by query. */
export function get<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  answer: Answer<Schema>,
  traits: Traits = {},
): CoreEndpoint {
  const read = ({ query }: Call) => parse(schema, query, 'is missing in GET request')
  return toEndpoint('GET', path, read, answer, traits)
}

/** An endpoint that is told something in a JSON body. */
export function post<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  answer: Answer<Schema>,
  traits: Traits = {},
): CoreEndpoint {
  return toEndpoint('POST', path, (call) => parseBody(schema, call), answer, traits)
}

/** An endpoint that is given something in a JSON body. */
export function put<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  answer: Answer<Schema>,
  traits: Traits = {},
): CoreEndpoint {
  return toEndpoint('PUT', path, (call) => parseBody(schema, call), answer, traits)
}

/** For endpoints that take nothing. */
export const nothing: z.ZodType<object> = z.object({})

function toEndpoint<Input>(
  method: CoreEndpoint['method'],
  path: string,
  read: (call: Call) => Input,
  answer: (input: Input, core: CoreContext, call: Call) => object | Promise<object>,
  { scope = 'app', ...traits }: Traits,
): CoreEndpoint {
  async function handle(core: CoreContext, call: Call): Promise<Response> {
    // Input goes first: a core looks for the tenant only once it has something to do there.
    const input = read(call)
    assertReachable(call.route, scope)
    const body = await answer(input, core, call)
    return body instanceof Response ? body : json(body)
  }
  return { method, path, handle, ...traits }
}

function parseBody<Schema extends z.ZodType>(schema: Schema, { body }: Call): z.output<Schema> {
  return parse(schema, toObject(body), 'is invalid in JSON input')
}

function toObject(body: string): object {
  try {
    const value: unknown = JSON.parse(body)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  } catch {
    // Refused below, like a body that is no object.
  }
  throw new Refusal(400, 'Invalid Json Input')
}

/** Refuses with the first thing wrong, as a core reads its fields one after the other. */
function parse<Schema extends z.ZodType>(
  schema: Schema,
  input: object,
  complaint: string,
): z.output<Schema> {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const field = issue?.path.findLast((key) => typeof key === 'string')
  const isOwn = issue !== undefined && issue.code !== 'invalid_type'
  throw new Refusal(400, isOwn ? issue.message : `Field name '${field}' ${complaint}`)
}

function assertReachable({ appId, tenantId }: Route, scope: Traits['scope']): void {
  const tenant = scope === 'tenant' ? tenantId : PUBLIC
  if (appId === PUBLIC && tenant === PUBLIC) {
    if (tenantId === PUBLIC || scope !== 'app') return
    throw new Refusal(403, 'Only public tenantId can call this app specific API')
  }
  throw new Refusal(
    400,
    'AppId or tenantId not found => Tenant with the following connectionURIDomain, appId and ' +
      `tenantId combination not found: (, ${appId}, ${tenant})`,
  )
}
