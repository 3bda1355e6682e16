/** Second factors that users keep: an app that makes codes, and a list of codes for a rainy day. */

import { Secret, TOTP } from 'otpauth'
import { createSecret } from './identifiers.js'
import type { JsonObject } from './json/types.js'
import { ClerkProblem } from './problem.js'
import type { TotpRecord, UserRecord } from './records.js'
import type { ClerkState } from './state.js'
import { updateUser } from './users.js'

const ISSUER = 'Stand-in'

/** How many steps of 30 seconds an app's clock may be off. */
const WINDOW = 1

const BACKUP_CODES = 10
const BACKUP_CODE_LENGTH = 8

/** A secret for an app, which counts once a code made from it has been shown. */
export function createTotp({ clock }: ClerkState): TotpRecord {
  const now = clock.now()
  return { secret: new Secret().base32, isVerified: false, createdAt: now, updatedAt: now }
}

/** @throws {ClerkProblem} unless the code is right now, or was a moment ago. */
export function checkTotp({ clock }: ClerkState, secret: string, code: string): void {
  const totp = new TOTP({ issuer: ISSUER, secret: Secret.fromBase32(secret) })
  const step = totp.validate({ token: code, timestamp: clock.now(), window: WINDOW })
  if (step === null) throw incorrectCode()
}

/** @throws {ClerkProblem} unless the code is right and the user has an app for it. */
export function verifyTotp(state: ClerkState, { totpSecret }: UserRecord, code: string): void {
  if (totpSecret === null) throw incorrectCode()
  checkTotp(state, totpSecret, code)
}

/** Uses a backup code up. @throws {ClerkProblem} when it is not one of the user's. */
export function redeemBackupCode(state: ClerkState, user: UserRecord, code: string): void {
  if (!user.backupCodes.includes(code)) throw incorrectCode()
  updateUser(state, user, { backupCodes: user.backupCodes.filter((its) => its !== code) })
}

/** New backup codes, in place of all others. */
export function createBackupCodes(state: ClerkState, user: UserRecord): readonly string[] {
  const backupCodes = Array.from({ length: BACKUP_CODES }, () =>
    createSecret().slice(0, BACKUP_CODE_LENGTH).toLowerCase(),
  )
  updateUser(state, user, { backupCodes })
  return backupCodes
}

/** A secret as its owner sees it; hidden once it counts. */
export function totpJson(user: UserRecord, totp: TotpRecord): JsonObject {
  const label = user.emailAddresses[0]?.address ?? user.username ?? user.id
  const uri = () =>
    new TOTP({ issuer: ISSUER, label, secret: Secret.fromBase32(totp.secret) }).toString()
  return {
    object: 'totp',
    id: `totp_${user.id}`,
    ...(!totp.isVerified && { secret: totp.secret, uri: uri() }),
    verified: totp.isVerified,
    backup_codes: null,
    created_at: totp.createdAt,
    updated_at: totp.updatedAt,
  }
}

function incorrectCode(): ClerkProblem {
  return new ClerkProblem({
    code: 'form_code_incorrect',
    message: 'is incorrect',
    longMessage: 'Incorrect code',
    parameter: 'code',
  })
}
