import { describe, expect, it } from 'vitest'
import { isAuthError } from '../../src/errors.js'
import { cutOver } from '../../src/migrate/cut-over.js'
import { type Side, type Step, steps } from '../../src/migrate/steps.js'
import {
  appIds,
  bearerOf,
  NEW,
  NOT_MINE,
  nameOf,
  OLD,
  requestWith,
  type TwoSides,
  twoSides,
} from '../support/migrate-two-sides.js'

const END = Date.UTC(2027, 2, 1)
const times = { before: END - 1, at: END, after: END + 1 } as const

/** A credential: whose it is, and what it says. */
type Credential = readonly [Side, string] | null

const oldSays = ['ada', 'bob', 'expired', 'forged'] as const
const newSays = ['new-ada', 'new-bob', 'expired', 'new-stranger'] as const
const withNone = (side: Side, says: readonly string[]): Credential[] => [
  null,
  ...says.map((text): Credential => [side, text]),
]
const oldTokens = withNone('old', oldSays)
const newTokens = withNone('new', newSays)
const oldCookies = [...oldTokens, ['old', NOT_MINE] as const]
const newCookies = [...newTokens, ['new', NOT_MINE] as const]
const bearers: readonly (Credential | 'foreign')[] = [
  'foreign',
  ...oldTokens,
  ...newTokens.slice(1),
]
const outages: readonly (readonly Side[])[] = [[], ['old'], ['new'], ['old', 'new']]
const switches = [null, 'old', 'new'] as const

interface Case {
  readonly bearer: Credential | 'foreign'
  readonly oldCookie: Credential
  readonly newCookie: Credential
}

const mixes: readonly Case[] = bearers.flatMap((bearer) =>
  oldCookies.flatMap((oldCookie) =>
    newCookies.map((newCookie) => ({ bearer, oldCookie, newCookie })),
  ),
)

/** The rules of docs/migrate/both-at-once.md, in its words. */
const primaryOf: Readonly<Record<Step, readonly Side[]>> = {
  'old-only': ['old'],
  'dual-old-primary': ['old', 'new'],
  'dual-new-primary': ['new', 'old'],
  'new-only': ['new'],
}

/** Whom the core looks at, one after the other; the last one decides. */
function looksAt(
  { bearer, oldCookie, newCookie }: Case,
  counting: readonly Side[],
): readonly (Credential | 'foreign')[] {
  if (bearer && bearer !== 'foreign' && counting.includes(bearer[0])) return [bearer]
  const cookies = counting.flatMap((side) => {
    const cookie = side === 'old' ? oldCookie : newCookie
    return cookie ? [cookie] : []
  })
  const decisive = cookies.findIndex(([, says]) => says !== NOT_MINE)
  if (cookies.length > 0) return decisive < 0 ? cookies : cookies.slice(0, decisive + 1)
  return [bearer === null ? null : 'foreign']
}

function expectedOutcome(credential: Credential | 'foreign', down: readonly Side[]): string {
  if (credential === null) return 'no_credentials'
  if (credential === 'foreign') return 'token_invalid'
  const [side, says] = credential
  if (says === NOT_MINE) return 'no_credentials'
  if (down.includes(side)) return 'provider_unavailable'
  if (says === 'expired') return 'token_expired'
  if (says === 'forged') return 'token_invalid'
  const userId = side === 'old' ? says : appIds[says]
  return userId === undefined ? 'session_pending' : `${userId} by ${nameOf[side]}`
}

function requestOf({ bearer, oldCookie, newCookie }: Case): Request {
  const cookies = [oldCookie, newCookie].flatMap((its) => (its ? [its.join('=')] : []))
  const authorization = bearer === 'foreign' ? 'Bearer other' : bearer && bearerOf(...bearer)
  return requestWith({
    ...(cookies.length > 0 && { cookie: cookies.join('; ') }),
    ...(authorization && { authorization }),
  })
}

async function outcomeOf({ auth }: TwoSides, request: Request): Promise<string> {
  try {
    const found = await auth.getAuth(request)
    if (!found.isAuthenticated) return found.reason
    const { provider, userId, providerUserId, sessionId, claims, roles } = found
    const side = provider === OLD ? 'old' : 'new'
    // All of it is of one credential, or somebody is two people.
    expect(sessionId).toBe(`${side}-session-of-${providerUserId}`)
    expect(claims).toEqual({ sub: providerUserId, side })
    expect(roles).toEqual([`${side}-role`])
    return `${userId} by ${provider}`
  } catch (error) {
    if (isAuthError(error)) return error.code
    throw error
  }
}

describe('the state machine of a move, explored as a whole', () => {
  const situations = steps.flatMap((step) =>
    switches.flatMap((refused) => Object.values(times).map((now) => ({ step, refused, now }))),
  )

  it.each(situations)('$step, refused $refused, at $now', async ({ step, refused, now }) => {
    const counting = primaryOf[step].filter(
      (side) => side !== refused && !(side === 'old' && now >= END),
    )
    for (const down of outages) {
      // Nothing is remembered from one outage to the next.
      const sides = twoSides(
        { step, refused, oldEndsAt: new Date(END), identity: { cacheSeconds: 0 } },
        { now: () => now },
      )
      for (const side of down) sides.down.add(side)
      for (const mix of mixes) {
        sides.asked.length = 0
        const credentials = looksAt(mix, counting)
        const outcome = await outcomeOf(sides, requestOf(mix))
        const expected = expectedOutcome(credentials.at(-1) ?? null, down)
        expect({ mix, outcome }).toEqual({ mix, outcome: expected })
        // But for what is another app's, the one that decides is the only one anybody looks at.
        const asked = credentials.flatMap((its) => (Array.isArray(its) ? [its.join(':')] : []))
        expect(sides.asked).toEqual(asked)
      }
    }
  })

  it('covers every combination', () => {
    expect(situations.length * outages.length * mixes.length).toBe(4 * 3 * 3 * 4 * 360)
  })
})

describe('the end date', () => {
  it('comes while the process runs', async () => {
    let now = END - 1
    const sides = twoSides({ oldEndsAt: '2027-03-01T00:00:00Z' }, { now: () => now })
    const seen = []
    for (const time of [END - 1, END, END + 86_400_000]) {
      now = time
      seen.push(await outcomeOf(sides, requestWith({ cookie: 'old=ada' })))
    }
    expect(seen).toEqual([`ada by ${OLD}`, 'no_credentials', 'no_credentials'])
  })

  it('can be set and put off while the process runs, and is read before anybody is let in', async () => {
    let oldEndsAt: string | Date | null = null
    const sides = twoSides({ oldEndsAt: () => oldEndsAt })
    const seen = []
    for (const date of [null, '2020-01-01T00:00:00Z', new Date(0), '2099-01-01T00:00:00Z']) {
      oldEndsAt = date
      seen.push(await outcomeOf(sides, requestWith({ cookie: 'old=ada' })))
    }
    const inside = `ada by ${OLD}`
    expect(seen).toEqual([inside, 'no_credentials', 'no_credentials', inside])
    oldEndsAt = 'next week'
    await expect(sides.auth.getAuth(requestWith({ cookie: 'old=ada' }))).rejects.toMatchObject({
      code: 'config_invalid',
    })
  })

  it.each(['2027-03-01', '2027-03-01T00:00:00', 'soon', new Date('soon'), 0])(
    'is not %s: a moment needs a time zone',
    (oldEndsAt) => {
      expect(() => twoSides({ oldEndsAt: oldEndsAt as string })).toThrow(/oldEndsAt/)
    },
  )
})

describe('the step and the switch', () => {
  it('take effect with the next request, and back', async () => {
    let step: Step = 'old-only'
    let refused: Side | null = null
    const sides = twoSides({ step: () => step, refused: () => refused })
    const both = () => outcomeOf(sides, requestWith({ cookie: 'old=ada; new=new-bob' }))
    const seen: string[] = []
    for (const next of [...steps, ...[...steps].reverse()]) {
      step = next
      seen.push(await both())
    }
    const way = [`ada by ${OLD}`, `ada by ${OLD}`, `bob by ${NEW}`, `bob by ${NEW}`]
    expect(seen).toEqual([...way, ...[...way].reverse()])
    step = 'dual-new-primary'
    refused = 'new'
    expect(await both()).toBe(`ada by ${OLD}`)
    refused = null
    expect(await both()).toBe(`bob by ${NEW}`)
  })

  it.each([undefined, '', 'dual', 'constructor', 'NEW-ONLY'])(
    'refuse the step %s by name',
    async (step) => {
      const { auth } = twoSides({ step })
      await expect(auth.getAuth(requestWith({}))).rejects.toMatchObject({
        code: 'config_invalid',
        message: expect.stringContaining('cutOver({ step })'),
      })
    },
  )

  it('take a switch that says something else for no switch that is off', async () => {
    const { auth } = twoSides({ refused: () => 'olde' as Side })
    const seen = auth.getAuth(requestWith({ cookie: 'old=ada' }))
    await expect(seen).rejects.toMatchObject({ code: 'config_invalid' })
  })

  it('make no provider that cannot count', async () => {
    const made: string[] = []
    const providers = {
      [OLD]: () => {
        made.push('old')
        throw new TypeError('made')
      },
      [NEW]: () => {
        made.push('new')
        throw new TypeError('made')
      },
    }
    for (const step of ['old-only', 'new-only']) {
      const { auth } = twoSides({ step }, { providers: providers as never })
      await expect(auth.getAuth(requestWith({}))).rejects.toThrow('made')
    }
    expect(made).toEqual(['old', 'new'])
  })

  it('leave no provider beside them', async () => {
    expect(() => twoSides({}, { provider: OLD })).toThrow(/provider: is for one provider/)
    expect(() => twoSides({ to: OLD })).toThrow(/the provider it moves from/)
    const unknown = twoSides({ from: 'nobody' as never }).auth.checkAuthConfig()
    await expect(unknown).rejects.toThrow(/migration: names nobody/)
  })
})

describe('the sign-in', () => {
  const cohort = (userId: string) => userId === 'ada'
  it.each([
    ['old-only', 'ada', OLD],
    ['dual-old-primary', 'ada', NEW],
    ['dual-old-primary', 'bob', OLD],
    ['dual-old-primary', null, OLD],
    ['dual-new-primary', 'bob', NEW],
    ['dual-new-primary', null, NEW],
    ['new-only', 'bob', NEW],
  ] as const)('in %s of %s: at %s', (step, userId, expected) => {
    const plan = cutOver({ from: OLD, to: NEW, step, cohort })
    expect(plan.signInProvider(userId)).toBe(expected)
  })

  it('is at the old vendor while the new one is shut off, and nowhere when nobody is left', () => {
    const plan = { from: OLD, to: NEW, cohort, refused: 'new' as const }
    expect(cutOver({ ...plan, step: 'dual-old-primary' }).signInProvider('ada')).toBe(OLD)
    expect(cutOver({ ...plan, step: 'dual-new-primary' }).signInProvider('ada')).toBe(OLD)
    expect(cutOver({ ...plan, step: 'new-only' }).signInProvider('ada')).toBeNull()
  })
})
