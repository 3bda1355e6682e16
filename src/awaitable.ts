/** Values that may take time: what is there at once is not waited for, since a wait costs memory. */

/** A value, or the promise of one. */
export type Awaitable<Value> = Value | Promise<Value>

/** Goes on with a value: at once, where it is there. */
export function andThen<Value, Result>(
  value: Awaitable<Value>,
  next: (value: Value) => Awaitable<Result>,
): Awaitable<Result> {
  return isPromise(value) ? value.then(next) : next(value)
}

/** Makes a value at its first use, and keeps it; the promise of one gives way to it. */
export function once<Value>(make: () => Awaitable<Value>): () => Awaitable<Value> {
  let kept: Awaitable<Value> | undefined
  return () => {
    if (kept === undefined) {
      kept = make()
      if (isPromise(kept)) {
        kept.then(
          (value) => {
            kept = value
          },
          () => undefined,
        )
      }
    }
    return kept
  }
}

/** Not by its class: there are promises of other realms. */
function isPromise<Value>(value: Awaitable<Value>): value is Promise<Value> {
  return typeof (value as Partial<Promise<Value>> | null | undefined)?.then === 'function'
}
