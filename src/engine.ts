/** What every function of one `createAuth` shares: its setup, its verdicts, its way to answer. */

import { authenticate, type Verdict } from './authenticate.js'
import { type Awaitable, andThen } from './awaitable.js'
import type { Scrutiny, World } from './context.js'
import { AuthError } from './errors.js'
import type { Policy } from './guard.js'
import { keepWithObjects } from './keepsakes.js'
import { type AuthOptions, checkOptions, resolveSetup, type Setup } from './options.js'
import { keepForProcess, keepIn } from './process.js'
import {
  isServerSideContext,
  type NodeRequestLike,
  type RequestSource,
  unwrapRequest,
  viewRequest,
  viewUnwrapped,
  type WebRequestLike,
} from './request.js'
import { RequestRecord } from './request-record.js'
import type { ActiveProvider } from './resolve-provider.js'
import { type Answer, addHeaders, isFilled, type ResponseTarget } from './response.js'
import type { Observer, Trail } from './telemetry.js'

/** A framework that knows which request is being handled without being handed it. */
export interface Ambient {
  /** @throws {AuthError} `config_invalid` when no request is being handled. */
  request(): Promise<RequestSource>
  /** Sends what it can of these headers with the answer; `false` where that is impossible. */
  send(headers: Headers): Promise<boolean>
  /** The answer a handler means by what it throws; `null` where it means none. */
  answer(thrown: unknown): Response | null
}

/** Outside any framework: the request has to be handed over. */
export const noAmbient: Ambient = {
  async request() {
    throw new AuthError('config_invalid', 'Pass the request: this server has no current one')
  },
  async send() {
    return false
  },
  answer: () => null,
}

/** A verdict and the request it is about. */
export interface Judgement {
  readonly verdict: Verdict
  /** The request itself, unwrapped. */
  readonly request: WebRequestLike | NodeRequestLike
}

export interface Engine {
  readonly world: World
  /** @throws {AuthError} `config_invalid` with every problem. */
  setup(): Setup
  /**
   * The verdict on a request, reached once per request object and level of scrutiny, and anew after
   * ten seconds.
   * @param source The request; the framework's current one when not given.
   * @param target Where the headers of its answer go; the framework's business when not given.
   * @throws {AuthError} `provider_unavailable`, `config_invalid`; at once, or by rejecting.
   */
  judge(
    source: RequestSource | undefined,
    scrutiny: Scrutiny,
    target?: ResponseTarget,
  ): Awaitable<Judgement>
  /** Tells whoever listens that a session did not meet a policy. */
  refuse(judgement: Judgement, error: unknown): Promise<void>
  /** Tells the operator; an answer neither waits for that nor depends on it. */
  report(error: AuthError): void
  /** Sends headers where those of a judged request go, and empties them. */
  deliver(headers: Headers, request: object): Promise<void>
  /** The framework the request comes from, where there is one. */
  readonly ambient: Ambient
  /** The HTTP answer to a refusal or failure; failures are reported to the operator. */
  answer(error: AuthError, source: RequestSource, active: ActiveProvider | null): Promise<Answer>
}

/** Enough for whoever only asks who is there. */
export const plainScrutiny: Scrutiny = {
  revocation: 'token',
  needsAuthenticatedAt: false,
  vendor: undefined,
}

export function scrutinyFor(policy: Policy): Scrutiny {
  return {
    revocation: policy.revocation ?? 'token',
    needsAuthenticatedAt: policy.maxAuthAgeSeconds !== undefined,
    vendor: policy.vendor,
  }
}

export function createEngine(options: AuthOptions, ambient: Ambient): Engine {
  checkOptions(options)
  const world: World = {
    now: options.now ?? Date.now,
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    // Values that depend on a clock or network of one's own are not for everybody.
    keep: options.now || options.fetch ? keepIn(new Map()) : keepForProcess,
  }
  const onError = options.onError ?? ((error: AuthError) => console.error(error))
  const isObserved = options.telemetry !== undefined || options.onEvent !== undefined
  const records = keepWithObjects<RequestRecord>()
  let setup: Setup | undefined
  let observer: Promise<Observer> | undefined

  function readSetup(): Setup {
    setup ??= resolveSetup(options)
    return setup
  }

  /** Routes nobody watches need none of it. */
  function loadObserver(): Promise<Observer> {
    const { telemetry, onEvent } = options
    observer ??= import('./telemetry.js').then((module) =>
      module.createObserver(telemetry, onEvent),
    )
    return observer
  }

  function report(error: AuthError): void {
    Promise.resolve(error).then(onError).catch(console.error)
  }

  /** That of a request which cannot be extended is a new one each time. */
  function recordOf(request: object): RequestRecord {
    return records.of(request) ?? records.give(request, new RequestRecord())
  }

  async function send(headers: Headers, { target }: RequestRecord): Promise<void> {
    if (!isFilled(headers)) return
    const taken = new Headers(headers)
    for (const name of taken.keys()) headers.delete(name)
    if (target) addHeaders(taken, target)
    // What has no place to go to waits for somebody who brings one.
    else if (!(await ambient.send(taken))) addHeaders(taken, headers)
  }

  function judge(
    source: RequestSource,
    scrutiny: Scrutiny,
    target: ResponseTarget | undefined,
  ): Awaitable<Judgement> {
    const request = unwrapRequest(source)
    const record = recordOf(request)
    if (target) {
      record.target = target
    } else if (request !== source && isServerSideContext(source)) {
      record.target = source.res as ResponseTarget
    }
    const view = viewUnwrapped(request)
    const reach = (trail?: Trail) =>
      authenticate(view, readSetup(), scrutiny, world, (headers) => send(headers, record), trail)
    const verdict = record.remember(view, scrutiny, world.now, () =>
      isObserved ? loadObserver().then(({ observe }) => observe(view, reach)) : reach(),
    )
    return andThen(verdict, (verdict) =>
      andThen(verdict.context?.deliver(), () => ({ verdict, request })),
    )
  }

  return {
    world,
    setup: readSetup,
    report,
    deliver: (headers, request) => send(headers, recordOf(request)),
    judge: (given, scrutiny, target) =>
      given === undefined
        ? ambient.request().then((source) => judge(source, scrutiny, target))
        : judge(given, scrutiny, target),
    async refuse({ verdict, request }, error) {
      if (isObserved) (await loadObserver()).refuse(viewRequest(request), verdict, error)
    },
    ambient,
    async answer(error, source, active) {
      if (error.status >= 500) report(error)
      const { toAnswer } = await import('./answer.js')
      return toAnswer(error, source, active, readSetup, world.now())
    },
  }
}
