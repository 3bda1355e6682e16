import { viaClerk } from '../../../lib/authmux'

export const GET = viaClerk.requireAuth(async ({ auth }) => Response.json({ userId: auth.userId }))
