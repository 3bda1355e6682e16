/** Sign-in with a code sent by e-mail or to a phone. */

import { z } from 'zod'
import { Refusal } from '../answer.js'
import type { CoreContext } from '../context.js'
import { type CoreEndpoint, get, perTenant, post, put } from '../endpoint.js'
import { email, phoneNumber } from '../fields.js'
import { checkCode } from '../passwordless/check.js'
import {
  addCode,
  addDevice,
  type Contact,
  devicesOf,
  findDevice,
  removeCode,
  removeDevices,
} from '../passwordless/devices.js'
import type { CodeDevice } from '../store.js'
import { findUser, toExternalId } from '../users/ids.js'
import { addUser, findByLogin, markActive, markVerified, toUserJson } from '../users/user.js'

const contact = { email: email.optional(), phoneNumber: phoneNumber.optional() }

const newCode = z.object({
  ...contact,
  deviceId: z.string().optional(),
  userInputCode: z.string().min(1, 'userInputCode cannot be an empty string.').optional(),
})

const givenCode = z.object({
  preAuthSessionId: z.string(),
  linkCode: z.string().optional(),
  deviceId: z.string().optional(),
  userInputCode: z.string().optional(),
})

const deviceQuery = z.object({
  ...contact,
  deviceId: z.string().optional(),
  preAuthSessionId: z.string().optional(),
})

const codeRemoval = z.object({
  codeId: z.string().optional(),
  preAuthSessionId: z.string().optional(),
})

const update = z.object({
  recipeUserId: z.string(),
  email: email.nullable().optional(),
  phoneNumber: phoneNumber.nullable().optional(),
})

export const passwordlessEndpoints: readonly CoreEndpoint[] = [
  post('/recipe/signinup/code', newCode, createCode, perTenant),
  post(
    '/recipe/signinup/code/check',
    givenCode,
    (input, core) => {
      const answer = checkCode(core, input)
      return answer.status === 'OK' ? { status: 'OK', ...consumed(answer.device) } : answer
    },
    perTenant,
  ),
  post('/recipe/signinup/code/consume', givenCode, consume, perTenant),
  post('/recipe/signinup/code/remove', codeRemoval, revokeCode, perTenant),
  post('/recipe/signinup/codes/remove', z.object(contact), revokeCodes, perTenant),
  get('/recipe/signinup/codes', deviceQuery, listDevices, perTenant),
  put('/recipe/user', update, change, { rid: 'passwordless' }),
]

function createCode(input: z.output<typeof newCode>, core: CoreContext): object {
  assertOne(
    [input.email, input.phoneNumber, input.deviceId],
    'Please provide exactly one of email, phoneNumber or deviceId',
  )
  const { deviceId: known, userInputCode: wanted } = input
  const device = known === undefined ? addDevice(core.store, input) : findDevice(core.store, known)
  if (!device) return { status: 'RESTART_FLOW_ERROR' }
  const code = addCode(core, device, wanted)
  if (!code) return { status: 'USER_INPUT_CODE_ALREADY_USED_ERROR' }
  const { preAuthSessionId, deviceId } = device
  return {
    status: 'OK',
    preAuthSessionId,
    deviceId,
    ...code,
    codeLifetime: core.settings.codeValidityMs,
  }
}

function consume(input: z.output<typeof givenCode>, core: CoreContext): object {
  const { store } = core
  const answer = checkCode(core, input)
  if (answer.status !== 'OK') return answer
  const { device } = answer
  const { email: address, phoneNumber: number } = device
  removeDevices(store, devicesOf(store, device))
  const login = { email: address, phoneNumber: number }
  const known = findByLogin(store, 'passwordless', login)
  const user = known ?? addUser(core, 'passwordless', login)
  // To have received the code proves the address.
  if (address !== undefined) markVerified(store, user, address)
  markActive(core, user.id)
  return {
    status: 'OK',
    createdNewUser: known === undefined,
    user: toUserJson(store, user),
    recipeUserId: toExternalId(store, user.id),
    ...consumed(device),
  }
}

function consumed(device: CodeDevice): object {
  return { consumedDevice: toDeviceJson(device) }
}

function toDeviceJson(device: CodeDevice): object {
  const { preAuthSessionId, failedAttempts, email: address, phoneNumber: number } = device
  const failedCodeInputAttemptCount = failedAttempts
  return { preAuthSessionId, failedCodeInputAttemptCount, email: address, phoneNumber: number }
}

function revokeCode(input: z.output<typeof codeRemoval>, core: CoreContext): object {
  const { codeId, preAuthSessionId } = input
  if (codeId === undefined && preAuthSessionId === undefined) {
    throw new Refusal(400, "Please provide either 'codeId' or 'preAuthSessionId'")
  }
  assertOne([codeId, preAuthSessionId], "Please provide only one of 'codeId' or 'preAuthSessionId'")
  if (codeId !== undefined) removeCode(core.store, codeId)
  else core.store.codeDevices.delete(preAuthSessionId ?? '')
  return { status: 'OK' }
}

function revokeCodes(input: Contact, { store }: CoreContext): object {
  assertOne([input.email, input.phoneNumber], 'Please provide exactly one of email or phoneNumber')
  removeDevices(store, devicesOf(store, input))
  return { status: 'OK' }
}

function listDevices(
  input: z.output<typeof deviceQuery>,
  { store, settings }: CoreContext,
): object {
  const { deviceId, preAuthSessionId } = input
  assertOne(
    [input.email, input.phoneNumber, deviceId, preAuthSessionId],
    'Please provide exactly one of email, phoneNumber, deviceId or preAuthSessionId',
  )
  const one =
    deviceId === undefined
      ? store.codeDevices.get(preAuthSessionId ?? '')
      : findDevice(store, deviceId)
  const found = one ? [one] : devicesOf(store, input)
  const codeLifetime = settings.codeValidityMs
  const devices = found.map((device) => ({
    ...toDeviceJson(device),
    codes: [...device.codes.values()].map(({ codeId, timeCreated }) => ({
      codeId,
      timeCreated,
      codeLifetime,
    })),
  }))
  return { status: 'OK', devices }
}

function change(input: z.output<typeof update>, { store }: CoreContext): object {
  const user = findUser(store, input.recipeUserId)
  if (user?.recipeId !== 'passwordless') return { status: 'UNKNOWN_USER_ID_ERROR' }
  // A field that is left out stays; `null` clears it.
  const address = input.email === undefined ? user.email : (input.email ?? undefined)
  const number =
    input.phoneNumber === undefined ? user.phoneNumber : (input.phoneNumber ?? undefined)
  if (address === undefined && number === undefined) {
    throw new Refusal(400, 'You cannot clear both email and phone number of a user')
  }
  const isTaken = (login: Contact) => {
    const holder = findByLogin(store, 'passwordless', login)
    return holder !== undefined && holder !== user
  }
  if (address !== undefined && isTaken({ email: address })) {
    return { status: 'EMAIL_ALREADY_EXISTS_ERROR' }
  }
  if (number !== undefined && isTaken({ phoneNumber: number })) {
    return { status: 'PHONE_NUMBER_ALREADY_EXISTS_ERROR' }
  }
  user.email = address
  user.phoneNumber = number
  return { status: 'OK' }
}

function assertOne(values: readonly unknown[], complaint: string): void {
  if (values.filter((value) => value !== undefined).length !== 1) throw new Refusal(400, complaint)
}
