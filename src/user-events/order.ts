/**
 * Which events of one user are news. A user's record is told in the order of its changes, and an
 * older one never after a newer one; a session begins once and ends once; nothing comes after the end
 * of a user but their return.
 */

import type { ProviderUser } from '../provider.js'
import type { UserEvent, VendorEvent } from './event.js'

/** An event with its place in the order. */
export interface PlacedEvent extends Omit<VendorEvent, 'id' | 'at'> {
  readonly id: string
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** What is kept of one user: ids and times, and the events that still wait. */
export interface UserHistory {
  /** The app's id, as last told; a deleted user cannot be asked for it. */
  readonly userId: string | null
  /** The change of the record told last; `null` before the first. */
  readonly last: {
    readonly type: UserEvent['type']
    readonly at: number
    /** All that was told of that very moment. */
    readonly ids: readonly string[]
  } | null
  /** Sessions told of, oldest first, and whether their end was. */
  readonly sessions: readonly (readonly [id: string, isEnded: boolean])[]
  readonly waiting: readonly PlacedEvent[]
  /** Who delivers right now; `null` for nobody. */
  readonly lease: { readonly holder: string; readonly until: number } | null
}

/** What an event is in view of those told before. */
export type News = 'new' | 'repeated' | 'outdated'

export const noHistory: UserHistory = {
  userId: null,
  last: null,
  sessions: [],
  waiting: [],
  lease: null,
}

/** Events of one moment are told in this order. */
const ranks: Readonly<Record<UserEvent['type'], number>> = {
  'user.created': 0,
  'user.updated': 1,
  'session.created': 2,
  'session.ended': 3,
  'user.deleted': 4,
}

/** More than a person begins while a vendor still repeats its webhooks. */
const MAX_SESSIONS = 100

/** Gives an event its time and its name, after everything that was told or waits. */
export function place(event: VendorEvent, history: UserHistory, now: number): PlacedEvent {
  const latest = Math.max(history.last?.at ?? 0, ...history.waiting.map(({ at }) => at))
  const at = event.at ?? Math.max(now, latest + 1)
  const id = event.id ?? `${event.type}:${event.sessionId ?? event.subject}:${at}`
  return { ...event, id, at }
}

export function judge(event: PlacedEvent, { last, sessions }: UserHistory): News {
  const { type, id, at, sessionId } = event
  const isOver = last?.type === 'user.deleted'
  if (last?.ids.includes(id)) return 'repeated'
  if (sessionId !== null) {
    const known = sessions.find(([its]) => its === sessionId)
    if (known && known[1] === (type === 'session.ended')) return 'repeated'
    return isOver || known?.[1] ? 'outdated' : 'new'
  }
  if (!last) return 'new'
  if (isOver) return type === 'user.created' && at > last.at ? 'new' : 'outdated'
  const isOlder = at < last.at || (at === last.at && ranks[type] < ranks[last.type])
  return isOlder ? 'outdated' : 'new'
}

/** Puts an event among those that wait. */
export function enqueue(history: UserHistory, event: PlacedEvent): UserHistory {
  if (history.waiting.some(({ id }) => id === event.id)) return history
  const waiting = [...history.waiting, event]
  waiting.sort((left, right) => left.at - right.at || ranks[left.type] - ranks[right.type])
  return { ...history, waiting }
}

/** Takes an event off the list, told or not. */
export function dequeue(history: UserHistory, { id }: PlacedEvent): UserHistory {
  return { ...history, waiting: history.waiting.filter((its) => its.id !== id) }
}

/** Writes down that an event was told. */
export function remember(
  history: UserHistory,
  { type, id, at, sessionId }: PlacedEvent,
  userId: string | null,
): UserHistory {
  if (sessionId !== null) {
    const others = history.sessions.filter(([its]) => its !== sessionId)
    const sessions = [...others, [sessionId, type === 'session.ended'] as const]
    return { ...history, userId, sessions: sessions.slice(-MAX_SESSIONS) }
  }
  const ids = history.last?.at === at ? [...history.last.ids, id] : [id]
  const sessions = type === 'user.deleted' ? [] : history.sessions
  return { ...history, userId, last: { type, at, ids }, sessions }
}

/** Reads what was kept; dates have become text on the way. */
export function parseHistory(text: string): UserHistory {
  const history: UserHistory = JSON.parse(text)
  const waiting = history.waiting.map((event) => ({
    ...event,
    user: event.user && revive(event.user),
  }))
  return { ...history, waiting }
}

function revive(user: ProviderUser): ProviderUser {
  return { ...user, createdAt: new Date(user.createdAt) }
}
