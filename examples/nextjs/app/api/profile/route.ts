import { currentUser, requireAuth } from '../../../lib/auth'

export const GET = requireAuth(async (request) => Response.json(await currentUser(request)))
