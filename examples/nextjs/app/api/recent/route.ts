import { requireAuth } from '../../../lib/auth'

export const POST = requireAuth(async (request) => Response.json({ done: request.auth.userId }), {
  maxAuthAgeSeconds: 60,
})
