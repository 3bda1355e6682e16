import { describe, expect, it } from 'vitest'
import { isAuthError } from '../../src/errors.js'
import { cutOver } from '../../src/migrate/cut-over.js'
import type { CutOverOptions } from '../../src/migrate/cut-over-options.js'
import { NEW, OLD } from '../support/migrate-two-sides.js'

/** What is wrong with options, by name. */
function problemsOf(options: object): Record<string, string> {
  try {
    cutOver(options as CutOverOptions)
  } catch (error) {
    if (!isAuthError(error)) throw error
    const { issues = [] } = error.details
    return Object.fromEntries(issues.map(({ name, message }) => [name, message]))
  }
  return {}
}

const unset = 'is not set'

describe('options of cutOver', () => {
  it.each([
    {
      says: 'a misspelt step',
      options: { from: OLD, to: NEW, steps: 'old-only' },
      problems: { 'cutOver({ step })': unset, 'cutOver({ steps })': 'is not an option' },
    },
    {
      says: 'a misspelt step the environment has not set',
      options: { from: OLD, to: NEW, steps: undefined },
      problems: { 'cutOver({ step })': unset, 'cutOver({ steps })': 'is not an option' },
    },
    {
      says: 'no vendor',
      options: { step: 'old-only' },
      problems: { 'cutOver({ from })': unset, 'cutOver({ to })': unset },
    },
    {
      says: 'a vendor that is undefined',
      options: { from: OLD, to: undefined, step: 'old-only' },
      problems: { 'cutOver({ to })': unset },
    },
    {
      says: 'a vendor that is no name',
      options: { from: OLD, to: 2, step: 'old-only' },
      problems: { 'cutOver({ to })': 'must be a string' },
    },
    {
      says: 'a step the environment has not set yet',
      options: { from: OLD, to: NEW, step: undefined },
      problems: {},
    },
    {
      says: 'a misspelt option within another',
      options: { from: OLD, to: NEW, step: 'old-only', identity: { claims: 'app_id' } },
      problems: { 'cutOver({ identity.claims })': 'is not an option' },
    },
  ])('say what is wrong with $says', ({ options, problems }) => {
    expect(problemsOf(options)).toEqual(problems)
  })
})
