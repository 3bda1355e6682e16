import { requireAuth } from '../../../lib/auth'

export const GET = requireAuth(async (request) => Response.json({ admin: request.auth.userId }), {
  role: 'admin',
})

export const DELETE = requireAuth(async () => Response.json({ deleted: true }), {
  role: 'admin',
  maxAuthAgeSeconds: 600,
  revocation: 'session',
})
