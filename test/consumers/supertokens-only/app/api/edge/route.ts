import { requireAuth } from '../../../lib/auth'

export const runtime = 'edge'

export const GET = requireAuth(async (request) => Response.json({ edge: request.auth.userId }))
