import EmailPassword from 'supertokens-node/recipe/emailpassword'
import EmailVerification from 'supertokens-node/recipe/emailverification'
import Session from 'supertokens-node/recipe/session'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type IdentityMap, memoryIdentityMap } from '../../src/migrate/identity-map.js'
import { type LiveMove, startMove, type Visitor } from '../support/migrate-live.js'

const PASSWORD = 'correct horse battery 9'
const FORM = { rid: 'emailpassword', 'st-auth-mode': 'cookie' }

describe.each([
  ['supertokens', 'clerk'],
  ['clerk', 'supertokens'],
] as const)('linking while users move from %s to %s', (from, to) => {
  let move: LiveMove
  let map: IdentityMap
  beforeAll(async () => {
    map = memoryIdentityMap()
    move = await startMove(from, { identity: { map, linkByVerifiedEmail: true } }, {}, () => [
      EmailPassword.init(),
      EmailVerification.init({ mode: 'OPTIONAL' }),
      Session.init(),
    ])
  })
  afterAll(() => move.stop())

  /** One account at each vendor, made apart, and a session at the new one. */
  async function twice(isVerified: { supertokens: boolean; clerk: boolean }) {
    const visitor = await move.visitor()
    const { email } = visitor
    const made = await EmailPassword.signUp('public', email, PASSWORD)
    if (made.status !== 'OK') throw new TypeError(made.status)
    if (isVerified.supertokens) await verify(made.recipeUserId)
    const { id } = await move.backend.users.createUser({
      emailAddress: [email],
      emailAddressIdentificationStatus: [isVerified.clerk ? 'verified' : 'reserved'],
      password: PASSWORD,
    })
    await signInAt[to](visitor)
    const ids = { supertokens: made.user.id, clerk: id }
    return { ...visitor, userId: ids[from], subject: ids[to] }
  }

  async function verify(id: Parameters<typeof EmailVerification.isEmailVerified>[0]) {
    const proof = await EmailVerification.createEmailVerificationToken('public', id)
    if (proof.status === 'OK') await EmailVerification.verifyEmailUsingToken('public', proof.token)
  }

  const signInAt = {
    async supertokens({ post, email }: Visitor) {
      const fields = { email, password: PASSWORD }
      const formFields = Object.entries(fields).map(([field, value]) => ({ id: field, value }))
      await post('/signin', { formFields }, FORM)
    },
    async clerk({ page, email }: Visitor) {
      const fields = { strategy: 'password', identifier: email, password: PASSWORD }
      await page.post('/v1/client/sign_ins', fields)
      await page.sync()
    },
  }

  it('gives the user of both the id they have', async () => {
    const ada = await twice({ supertokens: true, clerk: true })
    expect(await ada.who()).toMatchObject({ provider: to, userId: ada.userId })
    expect(await map.findSubject(to, ada.userId)).toBe(ada.subject)
    const mine = move.events.filter(({ userId }) => userId === ada.userId)
    expect(mine).toMatchObject([{ type: 'user-linked', from, to }])
  })

  it.each(['supertokens', 'clerk'] as const)('stops where %s has not verified it', async (side) => {
    const ada = await twice({ supertokens: true, clerk: true, [side]: false })
    expect(await ada.who()).toMatchObject({ isAuthenticated: false, reason: 'session_pending' })
    expect(await map.findSubject(to, ada.userId)).toBeNull()
    const mine = move.events.filter(({ userId }) => userId === ada.userId)
    expect(mine).toMatchObject([{ type: 'link-refused', reason: 'unverified' }])
  })
})
