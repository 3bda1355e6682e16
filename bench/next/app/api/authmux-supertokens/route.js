import { viaSuperTokens } from '../../../lib/authmux'

export const dynamic = 'force-dynamic'

export const GET = viaSuperTokens.requireAuth(async ({ auth }) =>
  Response.json({ userId: auth.userId }),
)
