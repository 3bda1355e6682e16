/** Values known to be frozen to the bottom, so that those kept are not gone through again. */
const frozen = new WeakSet<object>()

/** Freezes a value that came out of JSON, all the way down. */
export function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !frozen.has(value)) {
    freezeTree(value)
    frozen.add(value)
  }
  return value
}

function freezeTree(value: object): void {
  Object.freeze(value)
  for (const child of Object.values(value)) {
    if (typeof child === 'object' && child !== null) freezeTree(child)
  }
}
