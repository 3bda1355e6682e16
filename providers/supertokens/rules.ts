/** The rules of `Session.init` that decide whether a token counts: declared, or learned from the SDK. */

import type { RequestView } from '../../src/request.js'
import type { AntiCsrfMode, SuperTokensSettings, TransferMethod } from './settings.js'

export interface SessionRules {
  /** Whether access tokens are signed with keys that rotate (`d-…`) or with the static one. */
  readonly usesDynamicKeys: boolean
  readonly sessionExpiredStatusCode: number
  readonly invalidClaimStatusCode: number
  transferMethod(view: RequestView): TransferMethod
  antiCsrf(view: RequestView): AntiCsrfMode
}

/** The rules said in the options, each falling back to the SDK's default. */
export function declaredRules({ session = {} }: SuperTokensSettings): SessionRules {
  return {
    usesDynamicKeys: session.useDynamicAccessTokenSigningKey ?? true,
    sessionExpiredStatusCode: session.sessionExpiredStatusCode ?? 401,
    invalidClaimStatusCode: session.invalidClaimStatusCode ?? 403,
    transferMethod: () => session.getTokenTransferMethod ?? 'any',
    antiCsrf: () => session.antiCsrf ?? 'NONE',
  }
}
