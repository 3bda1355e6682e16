/** What can be done in the inspector, by form and by JSON alike. */

import { z } from 'zod'
import type { StandIn } from '../base/stand-in.js'
import { type Problem, toProblems } from '../seed/problem.js'
import { seed } from '../seed/seed.js'
import { toSwitches } from './views.js'

/** Something to do, with input that is still to be checked. */
export type Action = (standIn: StandIn, input: unknown) => Promise<unknown>

/** An action was not taken. */
export class ActionError extends Error {
  readonly status: 400 | 404
  readonly problems: readonly Problem[]

  constructor(status: 400 | 404, problems: readonly Problem[]) {
    super(problems.map(({ path, message }) => `${path}: ${message}`).join('; '))
    this.name = 'ActionError'
    this.status = status
    this.problems = problems
  }
}

const YEAR_SECONDS = 31_536_000
const MAX_LATENCY_MS = 600_000

/** Fields of forms come as text, and as empty text where nothing was filled in. */
const whole = (from: number, to: number) =>
  z
    .union([
      z.number(),
      z
        .string()
        .trim()
        .regex(/^-?\d+$/)
        .transform(Number),
    ])
    .pipe(z.number().int().min(from).max(to))
const optional = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((given) => (given === '' ? undefined : given), schema.optional())
const name = z.string().trim().min(1)

const session = z.object({ sessionId: name })
const userRole = z.object({ userId: name, role: name })

export const actions: ReadonlyMap<string, Action> = new Map([
  [
    'set-latency',
    action(z.object({ milliseconds: whole(0, MAX_LATENCY_MS) }), ({ faults }, input) => {
      faults.latencyMs = input.milliseconds
    }),
  ],
  [
    'fail-next',
    action(
      z.object({
        count: whole(0, 1_000_000),
        status: whole(400, 599),
        retryAfterSeconds: optional(whole(0, YEAR_SECONDS)),
      }),
      ({ faults }, { count, status, retryAfterSeconds }) =>
        faults.failNext(count, status, retryAfterSeconds),
    ),
  ],
  [
    'limit-rate',
    action(
      z.object({ calls: whole(0, 1_000_000), seconds: whole(1, YEAR_SECONDS) }),
      ({ faults }, limit) => {
        faults.rateLimit = limit
      },
    ),
  ],
  [
    'lift-rate-limit',
    action(z.object({}), ({ faults }) => {
      faults.rateLimit = null
    }),
  ],
  [
    'go-offline',
    action(z.object({}), ({ faults }) => {
      faults.isOffline = true
    }),
  ],
  [
    'go-online',
    action(z.object({}), ({ faults }) => {
      faults.isOffline = false
    }),
  ],
  [
    'advance-clock',
    action(
      z.object({ seconds: whole(-10 * YEAR_SECONDS, 10 * YEAR_SECONDS) }),
      ({ clock }, { seconds }) => clock.advance(seconds),
    ),
  ],
  ['rotate-keys', action(z.object({}), (standIn) => standIn.rotateKeys())],
  [
    'expire-session',
    action(session, (standIn, { sessionId }) =>
      requireFound('sessionId', sessionId, standIn.expireSession(sessionId)),
    ),
  ],
  [
    'revoke-session',
    action(session, (standIn, { sessionId }) =>
      requireFound('sessionId', sessionId, standIn.revokeSession(sessionId)),
    ),
  ],
  [
    'give-role',
    action(userRole, ({ admin }, { userId, role }) =>
      requireFound('userId', userId, admin.giveRole(userId, role)),
    ),
  ],
  [
    'take-role',
    action(userRole, ({ admin }, { userId, role }) =>
      requireFound('userId', userId, admin.takeRole(userId, role)),
    ),
  ],
  ['seed', (standIn, input) => seed(standIn, input)],
])

/** Checks the input, acts, and tells how the switches stand then. */
function action<Schema extends z.ZodType>(
  schema: Schema,
  act: (standIn: StandIn, input: z.output<Schema>) => void | Promise<void>,
): Action {
  return async (standIn, input) => {
    const { data, error } = schema.safeParse(input)
    if (error) throw new ActionError(400, toProblems(error))
    await act(standIn, data)
    return toSwitches(standIn)
  }
}

function requireFound(path: string, id: string, isFound: boolean): void {
  if (!isFound) throw new ActionError(404, [{ path, message: `there is none with id ${id}` }])
}
