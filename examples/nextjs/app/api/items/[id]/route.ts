import { notFound, permanentRedirect } from 'next/navigation'
import { NextResponse } from 'next/server'
import { requireAuth } from '../../../../lib/auth'

export const GET = requireAuth(async (request, { params }: { params: Promise<{ id: string }> }) => {
  const { id } = await params
  if (id === 'latest') permanentRedirect('/api/items/42')
  if (!/^\d+$/.test(id)) notFound()
  return NextResponse.json({ id, owner: request.auth.userId })
})
