export const dynamic = 'force-dynamic'

/** What the server has spent so far, in microseconds. */
export async function GET() {
  const { user, system } = process.cpuUsage()
  return Response.json({ microseconds: user + system })
}
