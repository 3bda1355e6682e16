/** Codes as they come back: typed in, or followed as a link. */

import { Refusal } from '../answer.js'
import type { CoreContext } from '../context.js'
import type { CodeDevice, PasswordlessCode } from '../store.js'
import { findDevice, removeDevices } from './devices.js'

/** Either a link code, or a device and what was typed in there. */
export interface GivenCode {
  readonly preAuthSessionId: string
  readonly linkCode?: string | undefined
  readonly deviceId?: string | undefined
  readonly userInputCode?: string | undefined
}

/** What comes of a code. */
export type CodeAnswer =
  | { readonly status: 'OK'; readonly device: CodeDevice }
  | { readonly status: 'RESTART_FLOW_ERROR' }
  | {
      readonly status: 'EXPIRED_USER_INPUT_CODE_ERROR' | 'INCORRECT_USER_INPUT_CODE_ERROR'
      readonly failedCodeInputAttemptCount: number
      readonly maximumCodeInputAttempts: number
    }

/** @throws {Refusal} 400 when the parts do not belong together. */
export function checkCode(core: CoreContext, given: GivenCode): CodeAnswer {
  const { linkCode, deviceId, userInputCode } = given
  if (linkCode !== undefined && deviceId === undefined && userInputCode === undefined) {
    return checkLinkCode(core, given.preAuthSessionId, linkCode)
  }
  if (linkCode === undefined && deviceId !== undefined && userInputCode !== undefined) {
    return checkUserInputCode(core, given.preAuthSessionId, deviceId, userInputCode)
  }
  throw new Refusal(400, 'Please provide exactly one of linkCode or deviceId+userInputCode')
}

function checkLinkCode(core: CoreContext, preAuthSessionId: string, linkCode: string): CodeAnswer {
  if (!/^[\w-]*={0,2}$/.test(linkCode)) throw new Refusal(400, 'Input encoding error in linkCode')
  for (const device of core.store.codeDevices.values()) {
    const code = [...device.codes.values()].find((candidate) => candidate.linkCode === linkCode)
    if (!code || isExpired(core, code)) continue
    assertSameDevice(device, preAuthSessionId)
    return { status: 'OK', device }
  }
  return { status: 'RESTART_FLOW_ERROR' }
}

function checkUserInputCode(
  core: CoreContext,
  preAuthSessionId: string,
  deviceId: string,
  userInputCode: string,
): CodeAnswer {
  const device = findDevice(core.store, deviceId)
  if (!device) return { status: 'RESTART_FLOW_ERROR' }
  assertSameDevice(device, preAuthSessionId)
  const codes = [...device.codes.values()]
  const code = codes.find((candidate) => candidate.userInputCode === userInputCode)
  if (code && !isExpired(core, code)) return { status: 'OK', device }

  device.failedAttempts++
  const { maxCodeAttempts } = core.settings
  if (device.failedAttempts >= maxCodeAttempts) {
    removeDevices(core.store, [device])
    return { status: 'RESTART_FLOW_ERROR' }
  }
  return {
    status: code ? 'EXPIRED_USER_INPUT_CODE_ERROR' : 'INCORRECT_USER_INPUT_CODE_ERROR',
    failedCodeInputAttemptCount: device.failedAttempts,
    maximumCodeInputAttempts: maxCodeAttempts,
  }
}

function assertSameDevice(device: CodeDevice, preAuthSessionId: string): void {
  if (device.preAuthSessionId === preAuthSessionId.replaceAll('=', '')) return
  throw new Refusal(400, "preAuthSessionId and deviceId doesn't match")
}

function isExpired(core: CoreContext, code: PasswordlessCode): boolean {
  return code.timeCreated < core.clock.now() - core.settings.codeValidityMs
}
