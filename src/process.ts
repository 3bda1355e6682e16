/**
 * Values of which a process has one, however many copies of this module it runs.
 *
 * Next.js gives route handlers, pages, server components and the proxy a module instance each; what
 * they have to share (keys, a refresh under way) hangs off `globalThis`.
 */

const slot: unique symbol = Symbol.for('authmux') as never

type Shared = typeof globalThis & { [slot]?: Map<string, unknown> }

/** Makes a value once per name and keeps it. */
export type Keep = <Value>(name: string, create: () => Value) => Value

/** Keeps values for the process. */
export const keepForProcess: Keep = (name, create) => {
  const scope = globalThis as Shared
  scope[slot] ??= new Map()
  return keepIn(scope[slot])(name, create)
}

/** Keeps values in a map. */
export function keepIn(values: Map<string, unknown>): Keep {
  return <Value>(name: string, create: () => Value) => {
    if (!values.has(name)) values.set(name, create())
    return values.get(name) as Value
  }
}
