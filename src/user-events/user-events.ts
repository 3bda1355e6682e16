/** `createUserEvents`: what happens to users, told to the app once and in order, whoever the vendor. */

import { AuthError } from '../errors.js'
import type { Principal } from '../migrate/identity-map.js'
import type { Plan } from '../plan.js'
import type { ProviderUsers } from '../provider.js'
import { completeEvent } from './complete.js'
import type { UserEvent, VendorEvent } from './event.js'
import { changeHistory } from './histories.js'
import { dequeue, enqueue, judge, type News, place, remember, type UserHistory } from './order.js'
import type { UserEventStore } from './store.js'

/** Options of {@link createUserEvents}. */
export interface UserEventsOptions {
  /** Where it is kept what was told: `sqlUserEventStore`, or `memoryUserEventStore` for one process. */
  readonly store: UserEventStore
  /**
   * Told of every event, in order for each user of a vendor, and waited for. What it throws makes
   * Clerk send its webhook again; a sign-up at SuperTokens succeeds all the same, and the event waits.
   */
  readonly onUserEvent: (event: UserEvent) => void | Promise<void>
  /** The move the app is on, if it is: gives events the app's ids. Default: ids are the vendor's. */
  readonly migration?: Pick<Plan, 'appIdOf'>
  /** Told of failures nobody repeats the event after, not waited for; default `console.error`. */
  readonly onError?: (error: unknown) => void
  /** Clock, in milliseconds since the epoch; default `Date.now`. */
  readonly now?: () => number
}

/** A vendor that tells of users. */
export interface UserEventSource {
  /** Key of the provider in `providers`. */
  readonly provider: string
  readonly users: Pick<ProviderUsers, 'get' | 'appId'>
}

/** Takes the events of one vendor, which are known to be its own. */
export interface UserEventIntake {
  /**
   * Takes an event that is sent again unless it is taken.
   * @throws what `onUserEvent` throws; {AuthError} `provider_unavailable`.
   */
  accept(event: VendorEvent): Promise<void>
  /**
   * Takes an event that nobody sends again: when it cannot be delivered, it waits, and `onError` is
   * told. Never rejects.
   * @param event `null` for nothing worth telling.
   */
  take(event: VendorEvent | Promise<VendorEvent | null>): Promise<void>
}

/** The events of all vendors of an app. */
export interface UserEvents {
  /** For providers: where to hand events in. */
  from(source: UserEventSource): UserEventIntake
  /**
   * Delivers what waits since an earlier attempt failed; for a job that runs every minute or so.
   * Vendors whose provider was not made yet in this process are left out.
   * @returns how many users still have events that wait, of a hundred at most.
   * @throws {AuthError} `provider_unavailable` when the store does not answer.
   */
  deliverWaiting(): Promise<number>
}

/** How long somebody who delivers may take for one event; after that they are taken for dead. */
const LEASE_MS = 60_000

/** How long a webhook waits for somebody else who delivers events of the same user. */
const PATIENCE_MS = 5000

const POLL_MS = 100

/**
 * Makes the events of an app: every provider that is handed them tells through them, and `onUserEvent`
 * is told each once and in order.
 */
export function createUserEvents({
  store,
  onUserEvent,
  migration,
  onError = console.error,
  now = Date.now,
}: UserEventsOptions): UserEvents {
  const sources = new Map<string, UserEventSource>()

  function report(error: unknown): void {
    Promise.resolve(error).then(onError).catch(console.error)
  }

  function changeHistoryOf(
    user: Principal,
    change: (history: UserHistory) => UserHistory,
  ): Promise<UserHistory> {
    return changeHistory(store, user, change, now)
  }

  /** Makes somebody the one who delivers, where there is something to deliver and nobody does. */
  function claim(history: UserHistory, holder: string): UserHistory {
    const { lease, waiting } = history
    const isOthers = lease !== null && lease.holder !== holder && now() < lease.until
    if (isOthers || (waiting.length === 0 && lease === null)) return history
    return { ...history, lease: waiting.length > 0 ? { holder, until: now() + LEASE_MS } : null }
  }

  /** Delivers what waits, oldest first, while the lease is held; nothing overtakes what fails. */
  async function deliver(
    source: UserEventSource,
    user: Principal,
    holder: string,
    claimed: UserHistory,
  ): Promise<void> {
    let history = claimed
    try {
      while (history.lease?.holder === holder) {
        const [event] = history.waiting
        if (!event) return
        const isNews = judge(event, history) === 'new'
        const told = isNews
          ? await completeEvent(event, source, migration ?? null, history.userId)
          : null
        if (told) await onUserEvent(told)
        history = await changeHistoryOf(user, (its) => {
          const rest = dequeue(its, event)
          return claim(told ? remember(rest, event, told.userId) : rest, holder)
        })
      }
    } catch (error) {
      // A lease that cannot be given back runs out.
      await changeHistoryOf(user, (its) =>
        its.lease?.holder === holder ? { ...its, lease: null } : its,
      ).catch(() => undefined)
      throw error
    }
  }

  async function accept(
    event: VendorEvent,
    source: UserEventSource,
    patienceMs: number,
  ): Promise<void> {
    const user = { provider: source.provider, subject: event.subject }
    const holder = crypto.randomUUID()
    let news: News = 'new'
    let history = await changeHistoryOf(user, (its) => {
      const placed = place(event, its, now())
      news = judge(placed, its)
      return claim(news === 'new' ? enqueue(its, placed) : its, holder)
    })
    // Somebody else may be about it, in this process or in another.
    const waitMs = news === 'new' ? patienceMs : 0
    for (let waitedMs = 0; isBusy(history, holder) && waitedMs < waitMs; waitedMs += POLL_MS) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
      history = await changeHistoryOf(user, (its) => claim(its, holder))
    }
    if (waitMs > 0 && isBusy(history, holder)) {
      throw new AuthError('provider_unavailable', 'Another event of this user takes its time')
    }
    await deliver(source, user, holder, history)
  }

  return {
    from(source) {
      sources.set(source.provider, source)
      return {
        accept: (event) => accept(event, source, PATIENCE_MS),
        // Not patient: a handler may be what causes the event, and would wait for itself.
        async take(promise) {
          try {
            const event = await promise
            if (event) await accept(event, source, 0)
          } catch (error) {
            report(error)
          }
        },
      }
    },
    async deliverWaiting() {
      for (const user of await store.waiting()) {
        const source = sources.get(user.provider)
        if (!source) {
          // Goes to the back: whom nobody can deliver here must not stand in front of those one can.
          await changeHistoryOf(user, (its) => ({ ...its }))
          continue
        }
        const holder = crypto.randomUUID()
        const history = await changeHistoryOf(user, (its) => claim(its, holder))
        await deliver(source, user, holder, history).catch(report)
      }
      return (await store.waiting()).length
    },
  }
}

function isBusy({ lease, waiting }: UserHistory, holder: string): boolean {
  return waiting.length > 0 && lease !== null && lease.holder !== holder
}
