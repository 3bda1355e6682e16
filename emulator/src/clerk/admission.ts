/** Whether somebody may sign up. */

import { ClerkProblem } from './problem.js'
import type { EntryRecord, SignUpRecord } from './records.js'
import type { ClerkState } from './state.js'
import { select } from './store.js'

/** @throws {ClerkProblem} for those who are on the blocklist, or not on the allowlist, if it counts. */
export function requireAdmission(state: ClerkState, signUp: SignUpRecord): void {
  const { restrictions } = state.store
  const isInvited = signUp.invitationId !== null
  const isListed = (kind: EntryRecord['kind']) =>
    select(state.store.entries, (its) => its.kind === kind).some(({ value }) => fits(value, signUp))
  const isBlocked = restrictions.get('blocklist') && isListed('blocklist_identifier')
  const isLeftOut = restrictions.get('allowlist') && !isInvited && !isListed('allowlist_identifier')
  const isKnown = signUp.emailAddress !== null || signUp.phoneNumber !== null
  if (!isKnown || (!isBlocked && !isLeftOut)) return
  const message = 'Access not allowed.'
  throw new ClerkProblem({ code: 'not_allowed_access', message, parameter: 'identifier' })
}

/** Entries are identifiers, or `*@` and a domain. */
function fits(value: string, { emailAddress, phoneNumber }: SignUpRecord): boolean {
  const address = emailAddress?.toLowerCase() ?? ''
  const entry = value.toLowerCase()
  return (
    entry === address ||
    entry === phoneNumber ||
    (entry.startsWith('*@') && address.endsWith(entry.slice(1)))
  )
}
