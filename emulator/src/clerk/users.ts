/** Users: making, finding, changing and removing them. */

import { createId } from './identifiers.js'
import { deletedJson } from './json/deleted.js'
import { privateUserJson } from './json/user.js'
import { deleteMemberships } from './memberships.js'
import { ClerkProblem, isTaken, notFound } from './problem.js'
import type { EmailAddressRecord, PhoneNumberRecord, UserRecord } from './records.js'
import { endSession, sessionsOf } from './sessions.js'
import type { ClerkState } from './state.js'

/** What may be said of a user at the beginning, and what makes them unique. */
export type NewUser = Partial<Omit<UserRecord, 'id'>>

/** @throws {ClerkProblem} when another user has an identifier of this one. */
export function createUser(state: ClerkState, fields: NewUser): UserRecord {
  requireUnique(state, fields)
  const now = state.clock.now()
  const user: UserRecord = {
    externalId: null,
    username: null,
    firstName: null,
    lastName: null,
    imageUrl: null,
    locale: null,
    timezone: null,
    emailAddresses: [],
    phoneNumbers: [],
    primaryEmailAddressId: fields.emailAddresses?.[0]?.id ?? null,
    primaryPhoneNumberId: fields.phoneNumbers?.[0]?.id ?? null,
    password: null,
    totpSecret: null,
    backupCodes: [],
    publicMetadata: {},
    privateMetadata: {},
    unsafeMetadata: {},
    isBanned: false,
    isLocked: false,
    canDeleteSelf: true,
    canCreateOrganizations: true,
    organizationsLimit: null,
    legalAcceptedAt: null,
    lastSignInAt: null,
    lastActiveAt: null,
    nextOrganizationId: null,
    createdAt: now,
    updatedAt: now,
    ...fields,
    id: createId('user'),
  }
  state.store.users.set(user.id, user)
  state.webhooks.send('user.created', privateUserJson(user))
  return user
}

/** @throws {ClerkProblem} when another user has an identifier this one is to get. */
export function updateUser(state: ClerkState, user: UserRecord, fields: NewUser): UserRecord {
  requireUnique(state, fields, user)
  Object.assign(user, fields, { updatedAt: state.clock.now() })
  state.webhooks.send('user.updated', privateUserJson(user))
  return user
}

/** Removes a user, their sessions and their memberships. */
export function deleteUser(state: ClerkState, user: UserRecord): void {
  for (const session of sessionsOf(state, user.id)) {
    endSession(state, session, 'removed')
    state.store.sessions.delete(session.id)
  }
  deleteMemberships(state, ({ userId }) => userId === user.id)
  state.store.users.delete(user.id)
  state.webhooks.send('user.deleted', {
    ...deletedJson('user', user.id),
    ...(user.externalId !== null && { external_id: user.externalId }),
  })
}

/** @throws {ClerkProblem} when there is no such user. */
export function requireUser({ store }: ClerkState, id: string): UserRecord {
  const user = store.users.get(id)
  if (!user) throw notFound('user', id)
  return user
}

/** The user who may sign in with an identifier; an address must be theirs beyond doubt. */
export function findByIdentifier(state: ClerkState, identifier: string): UserRecord | undefined {
  const wanted = normalize(identifier)
  return [...state.store.users.values()].find(
    ({ emailAddresses, phoneNumbers, username }) =>
      emailAddresses.some(
        ({ address, status }) => status !== 'unverified' && normalize(address) === wanted,
      ) ||
      phoneNumbers.some(({ number, status }) => status !== 'unverified' && number === wanted) ||
      (username !== null && normalize(username) === wanted),
  )
}

/** An e-mail address for a user to have. */
export function emailAddress(
  address: string,
  status: EmailAddressRecord['status'],
  strategy = 'admin',
): EmailAddressRecord {
  return { id: createId('idn'), address, status, strategy }
}

/** A phone number for a user to have. */
export function phoneNumber(
  number: string,
  status: PhoneNumberRecord['status'],
): PhoneNumberRecord {
  return { id: createId('idn'), number, status, isSecondFactor: false }
}

/** Takes an e-mail address from its user; another one becomes the primary one, if need be. */
export function removeEmailAddress(
  state: ClerkState,
  user: UserRecord,
  { id }: EmailAddressRecord,
): void {
  const emailAddresses = user.emailAddresses.filter((its) => its.id !== id)
  const isPrimary = user.primaryEmailAddressId === id
  updateUser(state, user, {
    emailAddresses,
    ...(isPrimary && { primaryEmailAddressId: emailAddresses[0]?.id ?? null }),
  })
}

/** Takes a phone number from its user; another one becomes the primary one, if need be. */
export function removePhoneNumber(
  state: ClerkState,
  user: UserRecord,
  { id }: PhoneNumberRecord,
): void {
  const phoneNumbers = user.phoneNumbers.filter((its) => its.id !== id)
  const isPrimary = user.primaryPhoneNumberId === id
  updateUser(state, user, {
    phoneNumbers,
    ...(isPrimary && { primaryPhoneNumberId: phoneNumbers[0]?.id ?? null }),
  })
}

/** @throws {ClerkProblem} for a user who may not sign in. */
export function requireWelcome({ isBanned, isLocked }: UserRecord): void {
  if (isBanned) {
    throw new ClerkProblem({ code: 'user_banned', message: 'You have been banned' })
  }
  if (isLocked) {
    const message = 'Your account is locked. Please contact support.'
    throw new ClerkProblem({ code: 'user_locked', message })
  }
}

/** Addresses nobody has proved to own do not keep their owners from claiming them. */
function requireUnique(state: ClerkState, fields: NewUser, self?: UserRecord): void {
  for (const user of state.store.users.values()) {
    if (user === self) continue
    if (sharesAddress(user, fields)) throw isTaken('email_address')
    if (sharesNumber(user, fields)) {
      throw isTaken('phone_number')
    }
    if (
      fields.username &&
      user.username &&
      normalize(user.username) === normalize(fields.username)
    ) {
      throw isTaken('username')
    }
    if (fields.externalId && user.externalId === fields.externalId) throw isTaken('external_id')
  }
}

function sharesAddress(user: UserRecord, { emailAddresses = [] }: NewUser): boolean {
  const taken = user.emailAddresses.filter(({ status }) => status !== 'unverified')
  return emailAddresses.some(
    ({ address, status }) =>
      status !== 'unverified' && taken.some((its) => normalize(its.address) === normalize(address)),
  )
}

function sharesNumber(user: UserRecord, { phoneNumbers = [] }: NewUser): boolean {
  const taken = user.phoneNumbers.filter(({ status }) => status !== 'unverified')
  return phoneNumbers.some(
    ({ number, status }) => status !== 'unverified' && taken.some((its) => its.number === number),
  )
}

function normalize(identifier: string): string {
  return identifier.trim().toLowerCase()
}
