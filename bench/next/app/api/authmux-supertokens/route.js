import { viaSuperTokens } from '../../../lib/authmux'

export const GET = viaSuperTokens.requireAuth(async ({ auth }) =>
  Response.json({ userId: auth.userId }),
)
