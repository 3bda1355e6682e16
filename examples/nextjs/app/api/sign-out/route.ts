import { requireAuth, signOut } from '../../../lib/auth'

export const POST = requireAuth(async (request) => {
  await signOut(request)
  return Response.json({ signedOut: request.auth.userId })
})
