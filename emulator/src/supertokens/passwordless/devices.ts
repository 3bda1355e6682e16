/** Devices a passwordless sign-in was started on, and the codes sent for them. */

import { createHash, randomBytes, randomInt, randomUUID } from 'node:crypto'
import { Refusal } from '../answer.js'
import type { CoreContext } from '../context.js'
import type { CodeDevice, PasswordlessCode, Store } from '../store.js'

/** Where codes are sent: one of the two. */
export interface Contact {
  readonly email?: string | undefined
  readonly phoneNumber?: string | undefined
}

/** Starts a sign-in. */
export function addDevice(store: Store, { email, phoneNumber }: Contact): CodeDevice {
  const deviceId = randomBytes(32).toString('base64')
  const preAuthSessionId = toPreAuthSessionId(deviceId)
  const contact = { email, phoneNumber }
  const device = { deviceId, preAuthSessionId, ...contact, codes: new Map(), failedAttempts: 0 }
  store.codeDevices.set(preAuthSessionId, device)
  return device
}

/** Adds a code to a device; `null` where the device has this very code already. */
export function addCode(
  core: CoreContext,
  device: CodeDevice,
  wanted: string | undefined,
): PasswordlessCode | null {
  const isTaken = (text: string) =>
    [...device.codes.values()].some(({ userInputCode }) => userInputCode === text)
  if (wanted !== undefined && isTaken(wanted)) return null
  let userInputCode = wanted ?? newUserInputCode()
  while (wanted === undefined && isTaken(userInputCode)) userInputCode = newUserInputCode()
  const linkCode = randomBytes(32).toString('base64url')
  const code = { codeId: randomUUID(), userInputCode, linkCode, timeCreated: core.clock.now() }
  device.codes.set(code.codeId, code)
  return code
}

/** @throws {Refusal} 400 when the id is none. */
export function findDevice(store: Store, deviceId: string): CodeDevice | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(deviceId)) {
    throw new Refusal(400, 'Input encoding error in deviceId')
  }
  return store.codeDevices.get(toPreAuthSessionId(deviceId))
}

/** All sign-ins that were started for an address or a number. */
export function devicesOf(store: Store, { email, phoneNumber }: Contact): CodeDevice[] {
  return [...store.codeDevices.values()].filter((device) =>
    email === undefined
      ? device.phoneNumber === phoneNumber && phoneNumber !== undefined
      : device.email === email,
  )
}

/** Gives sign-ins up, with all their codes. */
export function removeDevices(store: Store, devices: readonly CodeDevice[]): void {
  for (const { preAuthSessionId } of devices) store.codeDevices.delete(preAuthSessionId)
}

/** Makes a code useless. */
export function removeCode(store: Store, codeId: string): void {
  for (const device of store.codeDevices.values()) {
    // A device without codes has nothing left to wait for.
    if (device.codes.delete(codeId) && device.codes.size === 0) removeDevices(store, [device])
  }
}

function toPreAuthSessionId(deviceId: string): string {
  return createHash('sha256').update(Buffer.from(deviceId, 'base64')).digest('base64url')
}

function newUserInputCode(): string {
  return String(randomInt(1_000_000)).padStart(6, '0')
}
