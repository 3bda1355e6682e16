import type { MaybeAuthedApiRequest } from 'authmux/next'
import type { NextApiResponse } from 'next'
import { withAuth } from '../../../lib/auth'

export default withAuth((req: MaybeAuthedApiRequest, res: NextApiResponse) =>
  res.json({ hello: req.auth.userId, why: req.auth.reason }),
)
