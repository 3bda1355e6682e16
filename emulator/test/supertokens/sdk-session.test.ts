/** The real SDK holds sessions at the stand-in. */

import { decodeJwt } from 'jose'
import Session from 'supertokens-node/recipe/session'
import UserRoles from 'supertokens-node/recipe/userroles'
import { beforeAll, describe, expect, it } from 'vitest'
import { createSession, signUp, useSdk } from './support/sdk.js'

const sdk = useSdk()
let user: Awaited<ReturnType<typeof signUp>>

beforeAll(async () => {
  user = await signUp('session@example.com')
})

async function newTokens() {
  const session = await createSession(user)
  const { accessToken, refreshToken = '' } = session.getAllSessionTokensDangerously()
  return { session, accessToken, refreshToken }
}

async function refresh(refreshToken: string) {
  const session = await Session.refreshSessionWithoutRequestResponse(refreshToken)
  const tokens = session.getAllSessionTokensDangerously()
  return { accessToken: tokens.accessToken, refreshToken: tokens.refreshToken ?? '' }
}

function verify(accessToken: string, checkDatabase = false) {
  return Session.getSessionWithoutRequestResponse(accessToken, undefined, { checkDatabase })
}

/** Paths the core was asked for while something was done. */
async function pathsDuring(action: () => Promise<unknown>): Promise<string[]> {
  const before = sdk.core.log.entries.length
  await action()
  return sdk.core.log.entries.slice(before).map(({ path }) => path)
}

describe('a new session', () => {
  it('is verified with keys from the stand-in, and nothing else of it', async () => {
    const { accessToken } = await newTokens()
    await verify(accessToken)
    const paths = await pathsDuring(async () => {
      expect((await verify(accessToken)).getUserId()).toBe(user.id)
    })
    expect(paths).toEqual([])
  })

  it('is confirmed by the stand-in when asked to be', async () => {
    const { accessToken, session } = await newTokens()
    expect((await verify(accessToken, true)).getHandle()).toBe(session.getHandle())
  })

  it('carries what the app put in, and shows it to other calls', async () => {
    const { session } = await newTokens()
    await session.mergeIntoAccessTokenPayload({ plan: 'pro' })
    await session.updateSessionDataInDatabase({ ip: '192.0.2.1' })
    const information = await Session.getSessionInformation(session.getHandle())
    expect(information?.customClaimsInAccessTokenPayload).toMatchObject({ plan: 'pro' })
    expect(information?.sessionDataInDatabase).toEqual({ ip: '192.0.2.1' })
    expect(decodeJwt(session.getAccessToken()).plan).toBe('pro')
  })

  it('carries roles and permissions', async () => {
    await UserRoles.createNewRoleOrAddPermissions('editor', ['write', 'read'])
    await UserRoles.addRoleToUser('public', user.id, 'editor')
    const { session } = await newTokens()
    expect(await session.getClaimValue(UserRoles.UserRoleClaim)).toEqual(['editor'])
    expect(await session.getClaimValue(UserRoles.PermissionClaim)).toEqual(['read', 'write'])
  })

  it('is refused once its token is spoilt', async () => {
    const { accessToken } = await newTokens()
    const spoilt = `${accessToken.slice(0, -6)}AAAAAA`
    await expect(verify(spoilt)).rejects.toMatchObject({ type: 'TRY_REFRESH_TOKEN' })
  })
})

describe('a session that is over', () => {
  it('is refused where the database is asked, and only there', async () => {
    const { session, accessToken } = await newTokens()
    await session.revokeSession()
    expect((await verify(accessToken)).getHandle()).toBe(session.getHandle())
    await expect(verify(accessToken, true)).rejects.toMatchObject({ type: 'UNAUTHORISED' })
  })

  it('is not refreshed', async () => {
    const { session, refreshToken } = await newTokens()
    await Session.revokeSession(session.getHandle())
    await expect(refresh(refreshToken)).rejects.toMatchObject({ type: 'UNAUTHORISED' })
  })

  it('has no information', async () => {
    const { session } = await newTokens()
    await Session.revokeAllSessionsForUser(user.id)
    expect(await Session.getAllSessionHandlesForUser(user.id)).toEqual([])
    expect(await Session.getSessionInformation(session.getHandle())).toBeUndefined()
  })
})

describe('a refreshed session', () => {
  it('is promoted by the first verification, and asks no more after it', async () => {
    const first = await newTokens()
    const second = await refresh(first.refreshToken)
    const promoted = await verify(second.accessToken)
    const { accessToken, accessAndFrontTokenUpdated } = promoted.getAllSessionTokensDangerously()
    expect(accessAndFrontTokenUpdated).toBe(true)
    expect(decodeJwt(accessToken).parentRefreshTokenHash1).toBeNull()
    expect(await pathsDuring(() => verify(accessToken))).toEqual([])
  })

  it('asks again at every use of the token that was not replaced', async () => {
    const first = await newTokens()
    const second = await refresh(first.refreshToken)
    await verify(second.accessToken)
    const paths = await pathsDuring(() => verify(second.accessToken))
    expect(paths).toEqual(['/recipe/session/verify'])
  })

  it('detects theft once the old refresh token comes back', async () => {
    const first = await newTokens()
    const second = await refresh(first.refreshToken)
    await verify(second.accessToken)
    await expect(refresh(first.refreshToken)).rejects.toMatchObject({
      type: 'TOKEN_THEFT_DETECTED',
      payload: { sessionHandle: first.session.getHandle(), userId: user.id },
    })
  })

  it('refuses a refresh token that is none', async () => {
    await expect(refresh('garbage')).rejects.toMatchObject({ type: 'UNAUTHORISED' })
  })
})

describe('a JWT for the app', () => {
  it('is signed with the static key, and verified with the published ones', async () => {
    const result = await Session.createJWT({ purpose: 'export' }, 60)
    if (result.status !== 'OK') throw new TypeError(result.status)
    expect(decodeJwt(result.jwt)).toMatchObject({
      purpose: 'export',
      iss: 'http://localhost:3001/auth',
    })
    const { keys } = await Session.getJWKS()
    expect(keys.map(({ kid }) => kid.slice(0, 2))).toEqual(['d-', 's-'])
  })

  it('is no session', async () => {
    const result = await Session.createJWT({}, 60)
    const jwt = result.status === 'OK' ? result.jwt : ''
    await expect(verify(jwt)).rejects.toMatchObject({ type: 'UNAUTHORISED' })
  })
})

describe('a stand-in out of order', () => {
  it('shows as an error of the SDK with the status', async () => {
    sdk.core.faults.failNext(1, 503)
    await expect(Session.getSessionInformation('any')).rejects.toThrow('status code: 503')
  })

  it('is asked again while it answers 429', async () => {
    sdk.core.faults.failNext(2, 429)
    expect(await Session.getSessionInformation('any')).toBeUndefined()
  })
})
