/** What was asked of a stand-in and how it answered, newest last; bodies and tokens are not kept. */
export interface RequestLog {
  readonly entries: readonly LogEntry[]
  add(entry: LogEntry): void
  /** Calls `listener` for every entry from now on. */
  subscribe(listener: (entry: LogEntry) => void): void
}

/** One call, and how it was answered. */
export interface LogEntry {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly method: string
  /** Path without its query. */
  readonly path: string
  readonly status: number
  /** Why, where the status does not tell: an emulated fault, an error's code. */
  readonly note?: string
  /** What the stand-in lacks to answer as the vendor would. */
  readonly missing?: string
}

const MAX_ENTRIES = 1000

export function createLog(): RequestLog {
  const entries: LogEntry[] = []
  const listeners: ((entry: LogEntry) => void)[] = []
  return {
    entries,
    add(entry) {
      entries.push(entry)
      if (entries.length > MAX_ENTRIES) entries.shift()
      for (const listener of listeners) listener(entry)
    },
    subscribe: (listener) => listeners.push(listener),
  }
}
