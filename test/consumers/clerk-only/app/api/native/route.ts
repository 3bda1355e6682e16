import { auth } from '@clerk/nextjs/server'
import { requireAuth } from '../../../lib/auth'

export const GET = requireAuth(async (request) => {
  const own = await auth()
  const native = await request.auth.native()
  return Response.json({ authmux: request.auth.userId, clerk: own.userId, native: native.userId })
})
