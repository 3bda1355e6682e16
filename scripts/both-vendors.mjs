/**
 * Both vendors of a move, offline: the same people at each, under the ids of the vendor they come from.
 *
 * @typedef {object} BothVendors
 * @property {Record<string, string>} environment What the example has to be told.
 * @property {() => Promise<void>} stop
 */

import { readFileSync } from 'node:fs'
import { createClerkInstance, createSuperTokensCore, listen } from 'authmux-emulator'
import { clerkEnvironment, inspectorOf, post } from './stand-ins.mjs'

const seed = new URL('../examples/migration/people.json', import.meta.url)
const { password, people } = JSON.parse(readFileSync(seed, 'utf8'))

/**
 * @param {'clerk' | 'supertokens'} from The vendor everybody is with; the other one lacks a few.
 * @returns {Promise<BothVendors>}
 */
export async function startBothVendors(from) {
  const core = await createSuperTokensCore()
  const instance = await createClerkInstance({
    sessionTokenClaims: { app_id: '{{user.external_id}}' },
  })
  const [coreServer, clerkServer] = [await listen(core), await listen(instance)]

  async function addToCore(email, appId) {
    const { user } = await post(core, '/public/recipe/signup', { email, password })
    const ids = { superTokensUserId: user.id, externalUserId: appId }
    if (appId) await post(core, '/public/recipe/userid/map', ids)
    return appId ?? user.id
  }

  async function addToClerk(email, appId) {
    const fields = { email_address: [email], password, external_id: appId }
    const headers = { authorization: `Bearer ${instance.secretKey}` }
    return (await post(instance, '/v1/users', fields, headers)).id
  }

  const [addOld, addNew] = from === 'clerk' ? [addToClerk, addToCore] : [addToCore, addToClerk]
  for (const { email, isImported } of people) {
    const appId = await addOld(email)
    if (isImported) await addNew(email, appId)
  }

  return {
    environment: {
      MIGRATE_FROM: from,
      ...core.environment(coreServer.url),
      ...clerkEnvironment(instance, clerkServer),
      SUPERTOKENS_INSPECTOR_URL: inspectorOf(coreServer),
      CLERK_INSPECTOR_URL: inspectorOf(clerkServer),
    },
    async stop() {
      await coreServer.close()
      await clerkServer.close()
    },
  }
}
