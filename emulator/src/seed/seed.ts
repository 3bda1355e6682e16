/** Puts users, roles and organisations into a stand-in. */

import type { StandIn } from '../base/stand-in.js'
import { SeedError } from './error.js'
import { toProblems } from './problem.js'
import { referenceProblems } from './references.js'
import { type Seed, type SeedReport, seedSchema } from './schema.js'

/**
 * Adds what a seed describes and is not there yet: users are told by their e-mail address.
 * @param data As in a seed file, and checked like one.
 * @throws {SeedError} naming every problem, before anything is added.
 */
export async function seed(standIn: StandIn, data: unknown): Promise<SeedReport> {
  return standIn.admin.seed(parseSeed(data))
}

/** @throws {SeedError} naming every problem. */
export function parseSeed(data: unknown): Seed {
  const { data: parsed, error } = seedSchema.safeParse(data)
  const problems = [...(error ? toProblems(error) : []), ...referenceProblems(data)]
  if (error || problems.length > 0) throw new SeedError(problems)
  return parsed
}
