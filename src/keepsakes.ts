/**
 * Values kept with objects, like those of a `WeakMap` but for its price: what is in one outlives its
 * object until the next full garbage collection, and requests come by thousands.
 */

/** Constructs nothing: gives the private fields of its subclasses to an object there is. */
class Wearer {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: that is what this class is for
    return object
  }
}

/** Where values of one kind are kept; an object that cannot be extended keeps none. */
export interface Keepsakes<Value> {
  of(object: object): Value | null
  /** @returns the value. */
  give(object: object, value: Value): Value
}

export function keepWithObjects<Value>(): Keepsakes<Value> {
  return class Keepsake extends Wearer {
    #value: Value | null = null

    static of(object: object): Value | null {
      return #value in object ? object.#value : null
    }

    static give(object: object, value: Value): Value {
      if (!Object.isExtensible(object)) return value
      const keeper = #value in object ? object : new Keepsake(object)
      keeper.#value = value
      return value
    }
  }
}
