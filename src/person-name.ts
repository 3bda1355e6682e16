/** The parts of a name, for vendors that keep them apart. */

export interface NameParts {
  readonly first: string
  /** Empty for a name of one word. */
  readonly last: string
}

/** @returns `null` for no name. */
export function toNameParts(name: string | null): NameParts | null {
  const [first = '', ...rest] = name?.trim().split(/\s+/) ?? []
  return first === '' ? null : { first, last: rest.join(' ') }
}
