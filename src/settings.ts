/** Settings of a provider: options in code, environment variables behind them, one check for both. */

import { type ConfigIssue, configError } from './errors.js'
import { readProblems } from './schema-problems.js'
import * as z from './zod.js'

/** Where a setting comes from when no option is given, and what to do when it is missing. */
export interface SettingSource {
  /** Environment variables, the preferred one first. */
  readonly variables?: readonly string[]
  /** What the app author has to do. */
  readonly hint?: string
}

/** Options after reading: the same, each possibly unset. */
export type Settings<Options> = { readonly [Name in keyof Options]?: Options[Name] | undefined }

type Environment = Readonly<Record<string, string | undefined>>

/** The process environment; empty where there is none. */
function readEnvironment(): Environment {
  return globalThis.process?.env ?? {}
}

/**
 * Reads settings: the option, else the first of its variables that is not empty.
 *
 * @param factory Name of the function that takes the options, for messages.
 * @throws {AuthError} `config_invalid` naming every setting that is wrong, never its value.
 */
export function readSettings<Schema extends z.ZodMiniObject>(
  factory: string,
  schema: Schema,
  sources: { readonly [Name in keyof z.output<Schema>]?: SettingSource },
  options: Readonly<Record<string, unknown>>,
): z.output<Schema> {
  const environment = readEnvironment()
  const values: Record<string, unknown> = { ...options }
  const names = new Map<string, string>()
  for (const [option, source] of Object.entries<SettingSource | undefined>(sources)) {
    if (values[option] !== undefined) continue
    const variable = source?.variables?.find((name) => environment[name])
    if (variable) values[option] = environment[variable]
    const name = variable ?? source?.variables?.[0]
    if (name) names.set(option, name)
  }
  const result = z.safeParse(schema, values)
  if (result.success) return result.data as z.output<Schema>
  const issues = readProblems(result.error).map(({ path, message }): ConfigIssue => {
    const option = String(path[0] ?? '')
    const hint = (sources as Readonly<Record<string, SettingSource | undefined>>)[option]?.hint
    const problem = path.length === 1 && values[option] === undefined ? 'is not set' : message
    return {
      name: names.get(option) ?? `${factory}({ ${path.join('.')} })`,
      message: hint ? `${problem}. ${hint}` : problem,
    }
  })
  throw configError(issues)
}
