import { cutOver } from 'authmux/migrate'
import { createNextAuth } from 'authmux/next'
import { clerk } from 'authmux/providers/clerk'
import { supertokens } from 'authmux/providers/supertokens'
import { toAppInfo } from '../../nextjs/lib/app-info'
import { origin } from '../../nextjs/lib/settings'
import { from, isInCohort, move, record, to } from './move'
import { SESSION_EXPIRED_STATUS } from './session-status'

export const plan = cutOver({
  from,
  to,
  step: () => move.step,
  refused: () => move.refused,
  oldEndsAt: () => move.oldEndsAt,
  cohort: isInCohort,
  // At SuperTokens, sessions carry the app's id by themselves.
  ...(to === 'clerk' && { identity: { claim: 'app_id' } }),
  onEvent: record,
})

export const providers = {
  clerk: () => clerk(),
  supertokens: () =>
    supertokens({
      appInfo: toAppInfo(origin),
      recipes: () => import('./recipes'),
      session: { sessionExpiredStatusCode: SESSION_EXPIRED_STATUS },
      requiredClaims: {},
    }),
}

export const {
  getAuth,
  requireAuth,
  protect,
  authHandlers,
  authProxy,
  signOutEverywhere,
  checkAuthConfig,
} = createNextAuth({ migration: plan, origins: [origin], signInPath: '/sign-in', providers })
