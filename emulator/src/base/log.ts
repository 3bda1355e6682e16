/** What was asked of a stand-in and how it answered, newest last; bodies and tokens are not kept. */
export interface RequestLog {
  readonly entries: readonly LogEntry[]
  add(entry: LogEntry): void
}

export interface LogEntry {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly method: string
  /** Path without its query. */
  readonly path: string
  readonly status: number
  /** Why, where the status does not tell: a missing endpoint, an emulated fault. */
  readonly note?: string
}

const MAX_ENTRIES = 1000

export function createLog(): RequestLog {
  const entries: LogEntry[] = []
  return {
    entries,
    add(entry) {
      entries.push(entry)
      if (entries.length > MAX_ENTRIES) entries.shift()
    },
  }
}
