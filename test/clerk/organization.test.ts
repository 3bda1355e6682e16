import { signedInAuthObject } from '@clerk/backend/internal'
import { describe, expect, it } from 'vitest'
import { readOrganization } from '../../providers/clerk/organization.js'
import type { JsonObject } from '../../src/jwt/token.js'
import { createRandom, type Random, seed } from '../support/random.js'

/** What Clerk's own SDK reads out of the same claims, in our terms. */
function clerks(claims: JsonObject) {
  const { orgId, orgRole, orgPermissions } = signedInAuthObject({}, 'token', claims as never)
  return { id: orgId ?? null, role: orgRole ?? null, permissions: orgPermissions ?? [] }
}

describe('version 2 claims', () => {
  const o = { id: 'org_1', slg: 'acme', rol: 'admin' }

  it('unpack the documented example', () => {
    const claims = {
      v: 2,
      fea: 'o:dashboard,o:impersonation,u:sso',
      o: { ...o, per: 'manage,read', fpm: '1,3' },
    }
    expect(readOrganization(claims)).toEqual({
      id: 'org_1',
      role: 'org:admin',
      permissions: ['org:dashboard:manage', 'org:impersonation:manage', 'org:impersonation:read'],
    })
  })

  const many = Array.from({ length: 70 }, (_, index) => `p${index}`)
  const rows: readonly { says: string; claims: JsonObject; permissions: readonly string[] }[] = [
    { says: 'no features', claims: { o: { ...o, per: 'a', fpm: '1' } }, permissions: [] },
    { says: 'no permissions', claims: { fea: 'o:x', o }, permissions: [] },
    {
      says: 'a user feature before an organisation feature, which takes no place in the map',
      claims: { fea: 'u:x,o:y', o: { ...o, per: 'a', fpm: '1' } },
      permissions: ['org:y:a'],
    },
    {
      says: 'a feature of both, which takes one',
      claims: { fea: 'ou:x,uo:y,o:z', o: { ...o, per: 'a', fpm: '1,0,1' } },
      permissions: ['org:x:a', 'org:z:a'],
    },
    {
      says: 'an unknown scope, which takes none',
      claims: { fea: 'q:x,o:y', o: { ...o, per: 'a', fpm: '1' } },
      permissions: ['org:y:a'],
    },
    {
      says: 'fewer numbers than features',
      claims: { fea: 'o:x,o:y', o: { ...o, per: 'a', fpm: '1' } },
      permissions: ['org:x:a'],
    },
    {
      says: 'more numbers than features',
      claims: { fea: 'o:x', o: { ...o, per: 'a', fpm: '1,1,1' } },
      permissions: ['org:x:a'],
    },
    {
      says: 'bits beyond the names',
      claims: { fea: 'o:x', o: { ...o, per: 'a', fpm: '255' } },
      permissions: ['org:x:a'],
    },
    {
      says: 'a number that is none',
      claims: { fea: 'o:x,o:y', o: { ...o, per: 'a', fpm: '0x1,1' } },
      permissions: ['org:y:a'],
    },
    {
      says: 'a negative number',
      claims: { fea: 'o:x', o: { ...o, per: 'a', fpm: '-1' } },
      permissions: [],
    },
    {
      says: 'blanks around everything',
      claims: { fea: ' o:x , o:y ', o: { ...o, per: ' a , b ', fpm: ' 1 , 2 ' } },
      permissions: ['org:x:a', 'org:y:b'],
    },
    {
      says: 'a feature with colons',
      claims: { fea: 'o:x:y', o: { ...o, per: 'a', fpm: '1' } },
      permissions: ['org:x:y:a'],
    },
    {
      says: 'more permissions than a double has bits',
      claims: { fea: 'o:x', o: { ...o, per: many.join(','), fpm: String(2n ** 69n + 1n) } },
      permissions: ['org:x:p0', 'org:x:p69'],
    },
    {
      says: 'a feature without a scope, once there is no organisation to spoil',
      claims: { fea: 'x' },
      permissions: [],
    },
  ]

  for (const { says, claims, permissions } of rows) {
    it(`unpack ${says}`, () => {
      const seen = readOrganization({ v: 2, ...claims })
      expect(seen?.permissions).toEqual(permissions)
      expect(seen).toEqual(clerks({ v: 2, ...claims }))
    })
  }
})

describe('malformed claims', () => {
  const refused: readonly { says: string; claims: JsonObject }[] = [
    { says: 'an id that is a number', claims: { v: 2, o: { id: 5 } } },
    { says: 'a role that is a list', claims: { v: 2, o: { id: 'o', rol: ['admin'] } } },
    { says: 'an organisation that is text', claims: { v: 2, o: 'org_1' } },
    { says: 'permissions that are a list', claims: { v: 2, o: { id: 'o', per: ['a'] } } },
    { says: 'a map that is a number', claims: { v: 2, o: { id: 'o', per: 'a', fpm: 1 } } },
    { says: 'features that are a list', claims: { v: 2, fea: ['o:x'], o: { id: 'o' } } },
    { says: 'a feature without a scope', claims: { v: 2, fea: 'x', o: { id: 'o' } } },
    { says: 'an empty feature', claims: { v: 2, fea: 'o:x,,o:y', o: { id: 'o' } } },
    { says: 'a plain id that is an object', claims: { org_id: {} } },
    { says: 'a plain role that is a number', claims: { org_id: 'o', org_role: 1 } },
    { says: 'plain permissions that are text', claims: { org_permissions: 'org:a:b' } },
    { says: 'plain permissions with a number', claims: { org_permissions: ['org:a:b', 1] } },
  ]

  for (const { says, claims } of refused) {
    it(`are refused for ${says}`, () => {
      expect(readOrganization(claims)).toBeNull()
    })
  }

  it.each([1, 3, '2', null, [2], true])('of version %j give no packed organisation', (v) => {
    const claims = { v, fea: 'o:x', o: { id: 'org_1', rol: 'admin', per: 'a', fpm: '1' } }
    expect(readOrganization(claims)).toEqual({ id: null, role: null, permissions: [] })
    expect(readOrganization(claims)).toEqual(clerks(claims))
  })

  it('of version 2 give no plain organisation', () => {
    const claims = { v: 2, org_id: 'org_1', org_role: 'org:admin', org_permissions: ['org:a:b'] }
    expect(readOrganization(claims)).toEqual({ id: null, role: null, permissions: [] })
  })
})

describe('generated claims', () => {
  const names = ['read', 'manage', 'x', ' spaced ', '', 'a:b', 'ü']
  const scopes = ['o', 'u', 'ou', 'uo', 'q', ' o', 'O', '']

  function list(random: Random, limit: number, one: () => string): string {
    return Array.from({ length: random.below(limit) }, one).join(random.pick([',', ', ', ',,']))
  }

  function optional(random: Random, name: string, value: unknown): JsonObject {
    const odd = random.chance(0.08) ? random.pick(['', null, undefined]) : value
    return random.chance(0.1) ? {} : { [name]: odd }
  }

  function packed(random: Random): JsonObject {
    const mask = () =>
      random.pick([
        String(random.below(300)),
        String(2n ** BigInt(random.below(120)) - BigInt(random.below(2))),
        random.pick(['00', '007', 'x', '1.5', '1e3', ' 3', '-1', '']),
      ])
    const o = {
      ...optional(random, 'id', 'org_1'),
      ...optional(random, 'slg', 'acme'),
      ...optional(random, 'rol', random.pick(['admin', 'org:admin', 'a b'])),
      ...optional(
        random,
        'per',
        list(random, 9, () => random.pick(names)),
      ),
      ...optional(random, 'fpm', list(random, 6, mask)),
    }
    const feature = () => `${random.pick(scopes)}:${random.pick(names)}`
    return {
      v: 2,
      ...optional(random, 'o', random.chance(0.1) ? [] : o),
      ...optional(random, 'fea', list(random, 6, feature)),
      ...optional(random, 'pla', 'o:pro'),
    }
  }

  function plain(random: Random): JsonObject {
    return {
      ...optional(random, 'v', random.pick([1, 3, '2'])),
      ...optional(random, 'org_id', 'org_1'),
      ...optional(random, 'org_role', 'org:admin'),
      ...optional(random, 'org_permissions', names.slice(random.below(4))),
    }
  }

  for (const [version, generate] of Object.entries({ packed, plain })) {
    it(`are read as @clerk/backend reads them: ${version}`, () => {
      const random = createRandom(seed)
      const outcomes = { same: 0, refusedByBoth: 0 }
      for (let index = 0; index < 3000; index++) {
        const claims = generate(random)
        const says = `seed ${seed}, claims ${index}: ${JSON.stringify(claims)}`
        const ours = readOrganization(claims)
        let expected: unknown = null
        try {
          expected = clerks(claims)
        } catch {
          // The SDK throws for features without a scope.
        }
        // Clerk passes an empty text on as it is; a list of permissions it is not.
        const isOddList = claims.org_permissions === ''
        expect(ours, says).toEqual(isOddList ? null : expected)
        outcomes[expected === null ? 'refusedByBoth' : 'same']++
      }
      expect(outcomes.same).toBeGreaterThan(1500)
    })
  }
})
