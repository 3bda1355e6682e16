/** Parts of a provider that are loaded when one of their methods is called, and not before. */

type Methods<Name extends string> = Readonly<
  Record<Name, (...parameters: never[]) => Promise<unknown>>
>

/**
 * An object with some methods of another one, which is loaded on the first call.
 * @param names Names of the methods; their object is not asked for anything else.
 */
export function lazily<Name extends string, Part extends Methods<Name>>(
  names: readonly Name[],
  load: () => Promise<Part>,
): Pick<Part, Name> {
  let part: Promise<Part> | undefined
  const methods = names.map((name) => [
    name,
    async (...parameters: never[]) => {
      part ??= load()
      return (await part)[name](...parameters)
    },
  ])
  return Object.fromEntries(methods) as Pick<Part, Name>
}
