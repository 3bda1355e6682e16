import { AuthError, type AuthErrorCode, type AuthProvider } from 'authmux'
import { createRemoteJWKSet, customFetch, jwtVerify } from 'jose'

declare module 'authmux' {
  interface NativeSessions {
    acme: { readonly sub: string }
  }
}

const issuer = 'https://id.acme.example'

/** What jose calls a refusal; everything else that goes wrong is an outage. */
const refusals: Readonly<Record<string, AuthErrorCode>> = {
  ERR_JWT_EXPIRED: 'token_expired',
  ERR_JWT_CLAIM_VALIDATION_FAILED: 'token_invalid',
  ERR_JWS_INVALID: 'token_invalid',
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'token_invalid',
  ERR_JWKS_NO_MATCHING_KEY: 'token_invalid',
  ERR_JOSE_ALG_NOT_ALLOWED: 'token_invalid',
  ERR_JOSE_NOT_SUPPORTED: 'token_invalid',
}

export function acme(): AuthProvider<{ readonly sub: string }> {
  const address = new URL('/.well-known/jwks.json', issuer)
  return {
    contract: 1,
    name: 'Acme',
    owns: ({ payload }) => payload.iss === issuer,
    async authenticate(_view, { credential, now, fetch, keep }) {
      if (credential.source !== 'bearer') return null
      const { text } = credential.token
      const keys = keep('acme:keys', () => createRemoteJWKSet(address, { [customFetch]: fetch }))
      const rules = { issuer, algorithms: ['RS256'], currentDate: new Date(now()) }
      const { payload } = await jwtVerify(text, keys, rules).catch((cause) => {
        const code = refusals[cause.code] ?? 'provider_unavailable'
        throw new AuthError(code, `Acme: ${code}`, { cause })
      })
      const { sub, iat, exp } = payload
      if (!sub || !iat || !exp) throw new AuthError('token_invalid', 'The token lacks claims')
      return {
        subject: sub,
        sessionId: String(payload.jti ?? sub),
        tenantId: null,
        orgId: null,
        orgRole: null,
        orgPermissions: [],
        roles: null,
        permissions: null,
        actor: null,
        claims: Object.freeze({ ...payload }),
        issuedAt: iat,
        expiresAt: exp,
        authenticatedAt: null,
        getToken: async () => text,
        native: async () => ({ sub }),
      }
    },
  }
}
