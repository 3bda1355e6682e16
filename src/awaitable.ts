/** Values that may take time: what is there at once is not waited for, since a wait costs memory. */

/** A value, or the promise of one. */
export type Awaitable<Value> = Value | Promise<Value>

/** Goes on with a value: at once, where it is there. */
export function andThen<Value, Result>(
  value: Awaitable<Value>,
  next: (value: Value) => Awaitable<Result>,
): Awaitable<Result> {
  return isPromise(value) ? Promise.resolve(value).then(next) : next(value)
}

/** A value, or what comes of the failure to make it, whether that comes at once or by rejection. */
export function attempt<Value>(
  make: () => Awaitable<Value>,
  recover: (error: unknown) => Awaitable<Value>,
): Awaitable<Value> {
  try {
    const value = make()
    return isPromise(value) ? Promise.resolve(value).then(undefined, recover) : value
  } catch (error) {
    return recover(error)
  }
}

/** Makes a value of what it is first used with, and keeps it; the promise of one gives way to it. */
export function once<Value, Input = void>(
  make: (input: Input) => Awaitable<Value>,
): (input: Input) => Awaitable<Value> {
  let kept: Awaitable<Value> | undefined
  return (input) => {
    if (kept === undefined) {
      kept = make(input)
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

/** Not by its class: there are promises of other realms, and what only has a `then`. */
export function isPromise<Value>(value: Awaitable<Value>): value is Promise<Value> {
  return typeof (value as Partial<Promise<Value>> | null | undefined)?.then === 'function'
}
