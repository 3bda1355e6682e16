import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  type CompactToken,
  MAX_TOKEN_LENGTH,
  type parseToken,
  type signedParts,
} from '../../src/jwt/token.js'
import { onPlatform, platforms } from '../support/core-platform.js'
import { compact, encode } from '../support/core-token.js'

describe.each(platforms)('parseToken on %s', (platform) => {
  let parse: typeof parseToken
  let signed: typeof signedParts

  beforeAll(async () => {
    const module = await onPlatform(platform, () => import('../../src/jwt/token.js'))
    parse = module.parseToken
    signed = module.signedParts
  })

  it('gives back every part of a token', () => {
    const text = compact('{"alg":"RS256","kid":"a"}', '{"sub":"user","n":[1,{"m":null}]}', 'AQID')
    const { signature, ...rest } = parse(text) as CompactToken
    expect([...(signature ?? [])]).toEqual([1, 2, 3])
    expect(rest).toEqual({
      text,
      fingerprint: platform === 'node' ? createHash('sha256').update(text).digest('binary') : null,
      header: { alg: 'RS256', kid: 'a' },
      payload: { sub: 'user', n: [1, { m: null }] },
      verifiedBy: null,
      memo: { shownClaims: null },
    })
    const token = parse(text) as CompactToken
    expect(signed(token).input).toBe(text.slice(0, text.lastIndexOf('.')))
    expect([...signed(token).signature]).toEqual([1, 2, 3])
  })

  it.each([
    ['no member', '{}'],
    ['an empty name', '{"":1}'],
    ['one name in two objects', '{"a":{"x":1},"b":{"x":2}}'],
    ['one name in an object and its child', '{"x":{"x":{"x":1}}}'],
    ['one name in two objects of a list', '{"a":[{"x":1},{"x":2}]}'],
    ['colons in strings', '{"a:b":"c:d","e":["f:g",":"]}'],
    ['quotes and backslashes in strings', String.raw`{"a\":":"\\\":\"","b\\":"\\"}`],
    ['escapes in names', String.raw`{"\u0073ub":"user"}`],
    ['white space between everything', ' \t{\r\n "a" : [ 1 , 2 ] } \n'],
    ['letters beyond ASCII', '{"name":"Zoë 𝒳 日本"}'],
    ['half a surrogate pair, escaped', String.raw`{"a":"\ud800"}`],
    ['a number beyond all bounds', '{"exp":1e999}'],
    ['a member called __proto__', '{"__proto__":{"admin":true}}'],
    ['members called like methods', '{"constructor":1,"toString":2,"hasOwnProperty":3}'],
    ['numbers for names', '{"2":1,"1":2,"-1":3}'],
  ])('takes %s as JSON does', (_, json) => {
    const expected: unknown = JSON.parse(json)
    expect(parse(compact('{}', json))?.payload).toEqual(expected)
    expect(parse(compact(json, '{}'))?.header).toEqual(expected)
  })

  it('keeps a member called __proto__ away from prototypes', () => {
    const token = parse(compact('{"__proto__":{"alg":"RS256"}}', '{"__proto__":{"sub":"admin"}}'))
    expect(token?.header.alg).toBeUndefined()
    expect(token?.payload.sub).toBeUndefined()
    expect(Object.keys(token?.payload ?? {})).toEqual(['__proto__'])
    expect(({} as { sub?: unknown }).sub).toBeUndefined()
  })

  it.each([
    ['nothing', ''],
    ['a full stop', '.'],
    ['two full stops', '..'],
    ['a header alone', 'e30'],
    ['two parts', 'e30.e30'],
    ['two parts and a full stop', 'e30.e30.'],
    ['four parts', 'e30.e30.AA.AA'],
    ['five parts, as encrypted tokens have', 'e30.e30.AA.AA.AA'],
    ['an empty header', '.e30.AA'],
    ['an empty payload', 'e30..AA'],
    ['a space in front', ' e30.e30.AA'],
    ['a space behind', 'e30.e30.AA '],
    ['a line break behind', 'e30.e30.AA\n'],
    ['a tab inside', 'e30.e3\t0.AA'],
    ['a NUL', 'e30.e30.AA\0'],
    ['padding of the header', 'e30=.e30.AA'],
    ['padding of the payload', 'e30.e30=.AA'],
    ['padding of the signature', 'e30.e30.AA=='],
    ['standard base64 letters: +', 'e30.e30.++++'],
    ['standard base64 letters: /', 'e30.e30.////'],
    ['percent encoding', 'e30.e30.AA%3D'],
    ['full-width letters', 'ｅ30.e30.AA'],
    ['full-width full stops', 'e30．e30．AA'],
    ['a letter that is another one in its lower byte, in the header', '\u0165\u0133\u0130.e30.AA'],
    ['a letter that is another one in its lower byte, in the payload', 'e30.\u016530.AA'],
    ['a letter that is another one in its lower byte, in the signature', 'e30.e30.A\u0141'],
    ['a quoted token', '"e30.e30.AA"'],
    ['spare bits set in the header', 'e31.e30.AA'],
    ['spare bits set in the payload', 'e30.e31.AA'],
    ['spare bits set in the signature', 'e30.e30.AB'],
    ['a header of an impossible length', 'e30AA.e30.AA'],
    ['a payload of an impossible length', 'e30.e30AA.AA'],
    ['a signature of an impossible length', 'e30.e30.A'],
  ])('refuses %s', (_, text) => {
    expect(parse(text)).toBeNull()
  })

  it.each([
    ['no JSON', 'hello'],
    ['an empty text', ' '],
    ['null', 'null'],
    ['a list', '[{"sub":"user"}]'],
    ['a string', '"sub"'],
    ['a number', '1'],
    ['a boolean', 'true'],
    ['two objects', '{}{}'],
    ['a trailing comma', '{"a":1,}'],
    ['a comment', '{"a":1/*b*/}'],
    ['single quotes', "{'a':1}"],
    ['a bare name', '{a:1}'],
    ['NaN', '{"a":NaN}'],
    ['a raw line break in a string', '{"a":"\n"}'],
    ['a byte order mark', '\ufeff{"a":1}'],
    ['a member twice', '{"sub":"a","sub":"b"}'],
    ['a member twice with one value', '{"sub":"a","sub":"a"}'],
    ['a member three times', '{"a":1,"a":2,"a":3}'],
    ['a member twice, once escaped', String.raw`{"sub":"a","\u0073ub":"b"}`],
    ['a member twice, in different case of the escape', String.raw`{"\u006a":1,"\u006A":2}`],
    ['a member twice in a child', '{"a":{"b":1,"b":2}}'],
    ['a member twice in a list', '{"a":[{"b":1,"b":2}]}'],
    ['a member twice, far down', '{"a":[[{"b":{"c":[{"d":1,"d":2}]}}]]}'],
    ['__proto__ twice', '{"__proto__":1,"__proto__":2}'],
    ['a member twice, one of them null', '{"aud":null,"aud":"a"}'],
    ['a member twice, one of them an object', '{"a":{"b":1},"a":2}'],
    ['a member twice, beside colons in strings', '{"a":":","a":"::"}'],
    ['the empty name twice', '{"":1,"":2}'],
  ])('refuses a header or payload that is or has %s', (_, json) => {
    expect(parse(compact('{}', json))).toBeNull()
    expect(parse(compact(json, '{}'))).toBeNull()
  })

  it.each([
    ['a stray continuation byte', [0x80]],
    ['a byte UTF-8 does not know', [0xff]],
    ['an overlong form', [0xc0, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['a code point beyond the last', [0xf4, 0x90, 0x80, 0x80]],
    ['half a character', [0xe2, 0x82]],
  ])('refuses %s and is not confused by it afterwards', (_, bytes) => {
    const parts = ['{"a":"', bytes, '"}'].map((part) => Buffer.from(part as string))
    const broken = encode(Buffer.concat(parts))
    expect(parse(`e30.${broken}.AA`)).toBeNull()
    expect(parse(`${broken}.e30.AA`)).toBeNull()
    expect(parse('e30.e30.AA')).not.toBeNull()
  })

  it.each([
    ['as long as a token may be', 0, true],
    ['one character longer', 1, false],
    ['a megabyte longer', 1_048_576, false],
  ])('looks at a token %s: %d over', (_, over, isTaken) => {
    const length = MAX_TOKEN_LENGTH + over - 'e30.e30.'.length
    expect(parse(`e30.e30.${'A'.repeat(length)}`) !== null).toBe(isTaken)
  })

  it.each([['[', ']'] as const, ['{"a":', '}'] as const])('survives depth: %s', (open, close) => {
    const room = (MAX_TOKEN_LENGTH - 100) * 0.75
    const depth = Math.floor(room / (open.length + close.length))
    const json = `{"a":${open.repeat(depth)}1${close.repeat(depth)}}`
    expect(() => parse(compact('{}', json))).not.toThrow()
  })

  it('takes exactly one spelling of the same bytes', () => {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const endings = [...letters].flatMap((a) => [...letters].flatMap((b) => [a + b, `A${a}${b}`]))
    const wrong = endings.filter((text) => {
      const isCanonical = encode(Buffer.from(text, 'base64url')) === text
      return (parse(`e30.e30.${text}`) !== null) !== isCanonical
    })
    expect(wrong).toEqual([])
  })

  it('reads what was written, whatever it is', () => {
    const random = seeded(7)
    for (let round = 0; round < 300; round++) {
      const [header, payload] = [randomObject(random, 0), randomObject(random, 0)]
      const text = compact(JSON.stringify(header), JSON.stringify(payload), 'AQID')
      if (text.length > MAX_TOKEN_LENGTH) continue
      const token = parse(text)
      expect(token).toMatchObject({ text, header, payload })
      expect(compact(JSON.stringify(token?.header), JSON.stringify(token?.payload), 'AQID')).toBe(
        text,
      )
    }
  })
})

function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

// Not `\\` by itself: JSON.parse of Node.js 24.21 then takes a later `"` of another object for it.
const NAMES = ['a', 'sub', ':', '"', '\\":', '', 'é', '\u2028', '{', '__proto', '\ud83d\ude00']
const VALUES = [null, true, 0, -1.5, 1e300, '', ':', '":"', '\\"', '\n', '{"a":1}', '日本']

function randomObject(random: () => number, depth: number): Record<string, unknown> {
  const names = NAMES.filter(() => random() < 0.3)
  return Object.fromEntries(names.map((name) => [name, randomValue(random, depth)]))
}

function randomValue(random: () => number, depth: number): unknown {
  const choice = random()
  if (depth < 3 && choice < 0.2) return randomObject(random, depth + 1)
  if (depth < 3 && choice < 0.35) return [1, 2].map(() => randomValue(random, depth + 1))
  return VALUES[Math.floor(random() * VALUES.length)]
}
