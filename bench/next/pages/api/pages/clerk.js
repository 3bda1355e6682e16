import { getAuth } from '@clerk/nextjs/server'

export default function handler(request, response) {
  const { isAuthenticated, userId } = getAuth(request)
  if (!isAuthenticated) return response.status(401).end()
  return response.json({ userId })
}
