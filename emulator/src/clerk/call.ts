/** One request to the instance, as its endpoints see it. */

import type { z } from 'zod'
import type { Endpoint } from '../base/stand-in.js'
import { ClerkProblem } from './problem.js'
import type { ClientRecord } from './records.js'
import type { ClerkState } from './state.js'
import { toProblem } from './validation.js'

/** A request on its way to an endpoint, and what the endpoint may add to the answer. */
export interface Call {
  readonly state: ClerkState
  readonly request: Request
  readonly url: URL
  /** A `:parameter` of the endpoint's path. */
  parameter(name: string): string
  /** Headers to put on the answer: cookies, mostly. */
  readonly answerHeaders: Headers
  /** The client this call has made for the browser, which does not know it yet. */
  newClient: ClientRecord | null
}

/** Answers with JSON, unless it makes a response of its own. */
export type ClerkHandler = (call: Call) => object | null | Promise<object | null>

/** A row of the tables of endpoints. */
export type ClerkEndpoint = Endpoint<ClerkHandler>

/**
 * Origin of the app that the browser shows; `null` when it does not say. Behind a proxy of the app's
 * own, requests that only read carry no `Origin`.
 */
export function appOrigin({ request: { headers } }: Call): string | null {
  const referrer = headers.get('referer') ?? ''
  return headers.get('origin') ?? (URL.canParse(referrer) ? new URL(referrer).origin : null)
}

/** @throws {ClerkProblem} when the query is not as it should be. */
export function readQuery<Schema extends z.ZodType>(call: Call, schema: Schema): z.output<Schema> {
  return check(schema, toObject(call.url.searchParams))
}

/**
 * The body, in JSON or as a form; empty without one.
 * @throws {ClerkProblem} when it is not as it should be.
 */
export async function readBody<Schema extends z.ZodType>(
  call: Call,
  schema: Schema,
): Promise<z.output<Schema>> {
  const text = await call.request.text()
  const isForm = call.request.headers.get('content-type')?.includes('x-www-form-urlencoded')
  return check(schema, isForm ? toObject(new URLSearchParams(text)) : parseJson(text))
}

function check<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const { data, error } = schema.safeParse(input)
  if (error) throw toProblem(error, input)
  return data
}

/** Values given once are strings, those given more often are lists. */
function toObject(parameters: URLSearchParams): Record<string, string | string[]> {
  return Object.fromEntries(
    [...new Set(parameters.keys())].map((name) => {
      const values = parameters.getAll(name)
      return [name, values.length === 1 ? (values[0] ?? '') : values]
    }),
  )
}

function parseJson(text: string): unknown {
  if (text === '') return {}
  try {
    return JSON.parse(text)
  } catch {
    const message = 'Request body invalid'
    const longMessage = 'The request body is invalid. Please consult the API documentation.'
    throw new ClerkProblem({ code: 'request_body_invalid', message, longMessage })
  }
}
