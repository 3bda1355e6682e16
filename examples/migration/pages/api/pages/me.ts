import type { AuthedApiRequest } from 'authmux/next'
import type { NextApiResponse } from 'next'
import { requireAuth } from '../../../lib/auth'

export default requireAuth((req: AuthedApiRequest, res: NextApiResponse) => res.json(req.auth))
