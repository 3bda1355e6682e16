/** Defects of a request, in Clerk's words. */

import type { z } from 'zod'
import { ClerkProblem, type ProblemCode, type ProblemEntry } from './problem.js'

const CODES: Partial<Record<z.core.$ZodIssue['code'], ProblemCode>> = {
  invalid_format: 'form_param_format_invalid',
  invalid_type: 'form_param_format_invalid',
}

/** The errors of an answer for what a schema finds wrong with an input. */
export function toProblem({ issues }: z.ZodError, input: unknown): ClerkProblem {
  const [first, ...rest] = issues.flatMap((issue) => toEntries(issue, input))
  return new ClerkProblem(first ?? { code: 'request_body_invalid', message: 'is invalid' }, ...rest)
}

function toEntries(issue: z.core.$ZodIssue, input: unknown): ProblemEntry[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((parameter) => ({
      code: 'form_param_unknown',
      message: 'is unknown',
      longMessage: `${parameter} is not a valid parameter for this request.`,
      parameter,
    }))
  }
  const parameter = String(issue.path[0] ?? '')
  if (issue.path.length === 1 && !Object.hasOwn(Object(input), parameter)) {
    const longMessage = `${parameter} must be included.`
    return [{ code: 'form_param_missing', message: 'is missing', longMessage, parameter }]
  }
  return [
    {
      code: CODES[issue.code] ?? 'form_param_value_invalid',
      message: 'is invalid',
      longMessage: `${parameter} is invalid: ${issue.message}`,
      parameter,
    },
  ]
}
