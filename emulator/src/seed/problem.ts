/** What is wrong with input, and where. */

import type { z } from 'zod'

/** One thing wrong. */
export interface Problem {
  /** Where, as in `users.0.email`; empty for the whole. */
  readonly path: string
  readonly message: string
}

/** What a schema found, one entry for each. */
export function toProblems({ issues }: z.ZodError): Problem[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') {
      return [{ path: issue.path.join('.'), message: issue.message }]
    }
    return issue.keys.map((key) => ({
      path: [...issue.path, key].join('.'),
      message: 'is not known',
    }))
  })
}
