import { headers, userIdOf } from '../../../lib/by-hand'

export default function handler(request, response) {
  const userId = userIdOf(request.headers.cookie)
  if (userId === null) return response.status(401).end()
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  return response.json({ userId })
}
