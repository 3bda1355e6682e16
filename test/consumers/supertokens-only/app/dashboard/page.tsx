import { protect } from '../../lib/auth'

export default async function Dashboard() {
  const { userId } = await protect({ returnTo: '/dashboard' })
  return <p id="who">{userId}</p>
}
