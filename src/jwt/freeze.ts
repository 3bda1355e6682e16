/** Values known to be frozen to the bottom, so that those kept are not gone through again. */
const frozen = new WeakSet<object>()

/** Freezes a value that came out of JSON, all the way down. */
export function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !frozen.has(value)) {
    frozen.add(value)
    for (const child of Object.values(value)) deepFreeze(child)
    Object.freeze(value)
  }
  return value
}
