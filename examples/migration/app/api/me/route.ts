import { requireAuth } from '../../../lib/auth'

export const GET = requireAuth(async (request) => Response.json(request.auth))
