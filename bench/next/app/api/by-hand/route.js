import { headers, userIdOf } from '../../../lib/by-hand'

export const dynamic = 'force-dynamic'

export async function GET(request) {
  const userId = userIdOf(request.headers.get('cookie'))
  return userId === null
    ? new Response('Unauthorized', { status: 401 })
    : Response.json({ userId }, { headers })
}
