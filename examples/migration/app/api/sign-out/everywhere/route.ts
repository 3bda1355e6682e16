import { requireAuth, signOutEverywhere } from '../../../../lib/auth'

export const POST = requireAuth(async (request) => {
  await signOutEverywhere(request)
  return Response.json({ signedOut: request.auth.userId })
})
