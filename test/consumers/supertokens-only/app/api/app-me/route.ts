import { requireAuth } from '../../../lib/auth'

export const GET = requireAuth(async (request) => Response.json({ userId: request.auth.userId }))
