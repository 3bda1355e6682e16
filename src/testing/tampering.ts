/** Ways to spoil a signed token, none of which a verifier may fall for. */

type Segments = [header: string, payload: string, signature: string]

const encoder = new TextEncoder()

function encode(value: string): string {
  const bytes = String.fromCharCode(...encoder.encode(value))
  return btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

function decode(segment: string): string {
  const bytes = atob(segment.replaceAll('-', '+').replaceAll('_', '/'))
  return new TextDecoder().decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)))
}

function edit(segment: string, change: Readonly<Record<string, unknown>>): string {
  return encode(JSON.stringify({ ...JSON.parse(decode(segment)), ...change }))
}

/** Every way, by what it does. */
export const tamperings: Readonly<Record<string, (token: string) => string>> = {
  'another subject': (token) => map(token, ([h, p, s]) => [h, edit(p, { sub: 'somebody' }), s]),
  'a later expiry': (token) => map(token, ([h, p, s]) => [h, edit(p, { exp: 4_102_444_800 }), s]),
  'algorithm none': (token) => map(token, ([h, p]) => [edit(h, { alg: 'none' }), p, '']),
  'algorithm none, old signature': (token) =>
    map(token, ([h, p, s]) => [edit(h, { alg: 'none' }), p, s]),
  'algorithm HS256': (token) => map(token, ([h, p, s]) => [edit(h, { alg: 'HS256' }), p, s]),
  'another key id': (token) => map(token, ([h, p, s]) => [edit(h, { kid: 'd-0' }), p, s]),
  'a key of its own': (token) =>
    map(token, ([h, p, s]) => [edit(h, { jwk: { kty: 'oct', k: 'AA' } }), p, s]),
  'a critical extension': (token) =>
    map(token, ([h, p, s]) => [edit(h, { crit: ['b64'], b64: false }), p, s]),
  'no signature': (token) => map(token, ([h, p]) => [h, p, '']),
  'half a signature': (token) => map(token, ([h, p, s]) => [h, p, s.slice(0, s.length / 2)]),
  'a padded signature': (token) => `${token}==`,
  'a fourth part': (token) => `${token}.e30`,
  'only two parts': (token) => token.split('.').slice(0, 2).join('.'),
  'a member twice': (token) =>
    map(token, ([h, p, s]) => [h, encode(decode(p).replace('{', '{"sub":"somebody",')), s]),
  'a payload of null': (token) => map(token, ([h, _, s]) => [h, encode('null'), s]),
  'a payload that is a list': (token) => map(token, ([h, _, s]) => [h, encode('[]'), s]),
  'too many characters': (token) => token + 'A'.repeat(20_000),
}

function map(token: string, change: (segments: Segments) => Segments): string {
  return change(token.split('.') as Segments).join('.')
}
