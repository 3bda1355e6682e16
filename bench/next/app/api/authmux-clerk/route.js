import { viaClerk } from '../../../lib/authmux'

export const dynamic = 'force-dynamic'

export const GET = viaClerk.requireAuth(async ({ auth }) => Response.json({ userId: auth.userId }))
