/** Headers that are made when the first of them comes: as a rule none does, and the first ones load all of Node's `fetch`. */

export class LateHeaders {
  #made: Headers | null = null

  /** `null` as long as nobody has asked for `headers`. */
  get made(): Headers | null {
    return this.#made
  }

  get headers(): Headers {
    this.#made ??= new Headers()
    return this.#made
  }
}
