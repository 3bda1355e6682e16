export const dynamic = 'force-dynamic'

export async function GET() {
  return Response.json({ userId: 'nobody asked' })
}
