/** Where a move stands, by the switches of its plan: fixed, or asked at every request. */

import { configError } from '../errors.js'
import type { CutOverOptions } from './cut-over-options.js'
import { DATE_FORM, type EndDate, isDate } from './end-date.js'
import { isStep, type Side, type Situation, type Step, steps } from './steps.js'

/** @returns what throws {AuthError} `config_invalid` for a switch that says nothing known. */
export function situationOf({
  step,
  oldEndsAt,
  refused = null,
}: Pick<CutOverOptions, 'step' | 'oldEndsAt' | 'refused'>): () => Situation {
  const fixedEnd = typeof oldEndsAt === 'function' ? null : readDate(oldEndsAt)
  return () => ({
    step: readStep(typeof step === 'function' ? step() : step),
    oldEndsAt: typeof oldEndsAt === 'function' ? readDate(oldEndsAt()) : fixedEnd,
    refused: readSide(typeof refused === 'function' ? refused() : refused),
  })
}

function readStep(value: string | undefined): Step {
  if (isStep(value)) return value
  const message = value === undefined || value === '' ? 'is not set' : 'is not a step'
  throw configError([
    { name: 'cutOver({ step })', message: `${message}. Use one of: ${steps.join(', ')}` },
  ])
}

/** A date that cannot be read must not be taken for none. */
function readDate(value: EndDate | null | undefined): number | null {
  if (value === undefined || value === null) return null
  if (isDate(value)) return new Date(value).getTime()
  throw configError([{ name: 'cutOver({ oldEndsAt })', message: `is not ${DATE_FORM}` }])
}

/** A switch that says something else must not be taken for one that is off. */
function readSide(value: unknown): Side | null {
  if (value === 'old' || value === 'new' || value === null || value === undefined) {
    return value ?? null
  }
  const message = 'says neither old nor new nor null'
  throw configError([{ name: 'cutOver({ refused })', message }])
}
