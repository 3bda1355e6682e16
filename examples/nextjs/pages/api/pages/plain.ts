import type { NextApiRequest, NextApiResponse } from 'next'
import { getAuth } from '../../../lib/auth'

export default async function handler(req: NextApiRequest, res: NextApiResponse) {
  const auth = await getAuth(req, res)
  res.json({ userId: auth.userId, reason: auth.reason })
}
