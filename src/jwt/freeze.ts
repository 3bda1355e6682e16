/**
 * Freezes what came out of JSON, whatever it is.
 * @returns how many members its objects have, at all depths.
 */
export function freezeMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const children = Object.values(value)
  let members = Array.isArray(value) ? 0 : children.length
  // Asked here as well: most members are no objects, and a call takes longer than the question.
  for (const child of children) if (typeof child === 'object') members += freezeMembers(child)
  Object.freeze(value)
  return members
}

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
