import { NextResponse } from 'next/server'
import { requireAuth } from '../../../../lib/auth'

export const GET = requireAuth(async (request, { params }: { params: Promise<{ id: string }> }) => {
  const { id } = await params
  return NextResponse.json({ id, owner: request.auth.userId })
})
