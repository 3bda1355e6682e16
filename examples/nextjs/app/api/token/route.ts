import { requireAuth } from '../../../lib/auth'

export const GET = requireAuth(async ({ auth }) => {
  const token = await auth.getToken()
  return Response.json({ length: token.length })
})
