import { type Change, change } from '../../../lib/change'
import { readCounts } from '../../../lib/counts'

export const GET = async () => Response.json(await readCounts())

/** Open to everybody who reaches the example: an app keeps its flags elsewhere. */
export const POST = async (request: Request) => {
  const site = request.headers.get('sec-fetch-site')
  if (site !== 'same-origin') return new Response(null, { status: 403 })
  change((await request.json()) as Change)
  return Response.json(await readCounts())
}
