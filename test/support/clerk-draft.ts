/** Requests on the drawing board: everything in them can still be changed before they are made. */

import { constants, createHmac, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { NOW, NOW_SECONDS, ORIGIN, suffixOf } from './clerk-app.js'

/** A token before it is signed. */
export interface TokenDraft {
  header: Record<string, unknown>
  payload: Record<string, unknown>
  /** Spoils the JSON text of the header or the payload before it is encoded. */
  headerText?: (json: string) => string | Uint8Array
  payloadText?: (json: string) => string | Uint8Array
  /** Whose key signs. */
  signer: 'own' | 'other'
  /** Spoils the finished token. */
  finish?: (token: string) => string
}

/** A request before it is made. `{token}`, `{second}` and the like stand for tokens to be minted. */
export interface RequestDraft {
  readonly tokens: {
    /** The token most credentials are made of: `user_1`. */
    readonly token: TokenDraft
    /** A good, older token of `user_2`. */
    readonly second: TokenDraft
    /** A good token of another instance with another key. */
    readonly foreign: TokenDraft
    /** A good answer of the handshake endpoint, which brings a session of `user_3`. */
    readonly handshake: TokenDraft
  }
  method: string
  /** Path and query. */
  target: string
  authorization: string | null
  readonly headers: Map<string, string>
  /** Cookies by name, in which `{suffix}` stands for the instance's suffix. */
  readonly cookies: Map<string, string>
  /** Spoils the finished `Cookie` header. */
  cookieText?: (text: string) => string
  /** Milliseconds since the epoch. */
  now: number
}

/** The instance requests are drawn for. */
export interface DraftInstance {
  readonly isProduction: boolean
  readonly frontendApi: string
  readonly issuer: string
  readonly publishableKey: string
  readonly suffix: string
}

/** Where the credentials travel before anything is changed. */
export const carriers = [
  'bearer',
  'cookies',
  'plain cookies',
  'suffixed cookies',
  'bearer and cookies of another',
  'nothing',
] as const

export type Carrier = (typeof carriers)[number]

const generate = () => generateKeyPairSync('rsa', { modulusLength: 2048 })
const pairs = { own: generate(), other: generate() }

/** The instance's public key, as the dashboard shows it. */
export const publicPem: string = pairs.own.publicKey
  .export({ type: 'spki', format: 'pem' })
  .toString()

export function createDraftInstance(isProduction: boolean): DraftInstance {
  const frontendApi = isProduction ? 'clerk.example.com' : 'calm-heron-7.clerk.accounts.dev'
  const publishableKey = `pk_${isProduction ? 'live' : 'test'}_${btoa(`${frontendApi}$`)}`
  return {
    isProduction,
    frontendApi,
    issuer: `https://${frontendApi}`,
    publishableKey,
    suffix: suffixOf(publishableKey),
  }
}

/** A request of somebody who is signed in. */
export function draftRequest(instance: DraftInstance, carrier: Carrier): RequestDraft {
  const { issuer } = instance
  const handshake = draftToken(issuer, 'user_3', 0)
  const draft: RequestDraft = {
    tokens: {
      token: draftToken(issuer, 'user_1', -20),
      second: draftToken(issuer, 'user_2', -40),
      foreign: { ...draftToken('https://clerk.elsewhere.test', 'user_4', -10), signer: 'other' },
      handshake: {
        ...handshake,
        payload: { handshake: [`__session=${mint(handshake)}; Path=/; SameSite=Lax`] },
      },
    },
    method: 'GET',
    target: '/api/me',
    authorization: carrier.startsWith('bearer') ? 'Bearer {token}' : null,
    headers: new Map(),
    cookies: new Map(),
    now: NOW,
  }
  if (carrier === 'bearer' || carrier === 'nothing') return draft
  const session = carrier === 'bearer and cookies of another' ? '{second}' : '{token}'
  const sets = [
    ...(carrier === 'suffixed cookies' ? [] : ['']),
    ...(carrier === 'plain cookies' ? [] : ['_{suffix}']),
  ]
  for (const suffix of sets) {
    draft.cookies.set(`__session${suffix}`, session)
    draft.cookies.set(`__client_uat${suffix}`, String(NOW_SECONDS - 3600))
    if (!instance.isProduction) draft.cookies.set(`__clerk_db_jwt${suffix}`, 'dvb_1')
  }
  return draft
}

function draftToken(iss: string, sub: string, issuedAgo: number): TokenDraft {
  const iat = NOW_SECONDS + issuedAgo
  return {
    header: { alg: 'RS256', kid: 'ins_1', typ: 'JWT', cat: 'cl_B7d4PD111AAA' },
    payload: {
      iss,
      sub,
      sid: sub.replace('user', 'sess'),
      azp: ORIGIN,
      aud: 'api',
      iat,
      nbf: iat - 10,
      exp: iat + 60,
      fva: [0, -1],
      sts: 'active',
      v: 2,
      fea: 'o:invoices,u:sso',
      o: { id: `org_of_${sub}`, slg: 'acme', rol: 'admin', per: 'read,write', fpm: '3' },
    },
    signer: 'own',
  }
}

/** The request, in all its ugliness. */
export function renderRequest(draft: RequestDraft, instance: DraftInstance): Request {
  const fill = (text: string) =>
    text
      .replaceAll('{suffix}', instance.suffix)
      .replaceAll(
        /\{(token|second|foreign|handshake)\}/g,
        (_, name: keyof RequestDraft['tokens']) => mint(draft.tokens[name]),
      )
  const headers = new Headers()
  for (const [name, value] of draft.headers) headers.set(name, fill(value))
  if (draft.authorization !== null) headers.set('authorization', fill(draft.authorization))
  const pairs = [...draft.cookies].map(([name, value]) => `${fill(name)}=${fill(value)}`)
  const text = pairs.join('; ')
  const cookie = draft.cookieText?.(text) ?? text
  if (cookie !== '') headers.set('cookie', cookie)
  return new Request(ORIGIN + fill(draft.target), { method: draft.method, headers })
}

const minted = new Map<string, string>()

/** Signs what is in the draft, whether or not it makes sense. */
function mint({ header, payload, headerText, payloadText, signer, finish }: TokenDraft): string {
  const encode = (value: unknown, spoil?: (json: string) => string | Uint8Array) => {
    const json = JSON.stringify(value) ?? ''
    return Buffer.from(spoil?.(json) ?? json).toString('base64url')
  }
  const input = `${encode(header, headerText)}.${encode(payload, payloadText)}`
  const name = `${signer} ${input}`
  const signature = minted.get(name) ?? sign(header.alg, input, pairs[signer].privateKey)
  if (minted.size > 2000) minted.clear()
  minted.set(name, signature)
  const token = `${input}.${signature}`
  return finish?.(token) ?? token
}

function sign(algorithm: unknown, input: string, key: KeyObject): string {
  if (algorithm === 'none') return ''
  if (algorithm === 'HS256')
    return createHmac('sha256', publicPem).update(input).digest('base64url')
  const bits = /^[RP]S(256|384|512)$/.exec(String(algorithm))?.[1] ?? '256'
  const isPss = String(algorithm).startsWith('PS')
  const padding = isPss ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING
  return createSign(`RSA-SHA${bits}`).update(input).sign({ key, padding }).toString('base64url')
}
