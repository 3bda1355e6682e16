/**
 * Freezes a value that came out of JSON, all the way down. What is frozen already is taken to be
 * frozen to the bottom, so that claims which are kept are not gone through again.
 */
export function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const child of Object.values(value)) deepFreeze(child)
  }
  return value
}
