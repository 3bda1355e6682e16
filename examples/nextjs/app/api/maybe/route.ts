import { withAuth } from '../../../lib/auth'

export const GET = withAuth(async ({ auth }) =>
  Response.json(auth.isAuthenticated ? { hello: auth.userId } : { hello: null, why: auth.reason }),
)
