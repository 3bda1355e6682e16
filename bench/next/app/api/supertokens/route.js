import { withSession } from 'supertokens-node/nextjs'
import { ensureSuperTokensInit } from '../../../lib/supertokens'

export const dynamic = 'force-dynamic'

ensureSuperTokensInit()

export function GET(request) {
  return withSession(request, async (error, session) => {
    if (error) return Response.json({ error: 'failed' }, { status: 500 })
    if (!session) return new Response('Unauthorized', { status: 401 })
    return Response.json({ userId: session.getUserId() })
  })
}
