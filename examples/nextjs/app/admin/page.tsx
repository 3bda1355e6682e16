import { protect } from '../../lib/auth'

export default async function Admin() {
  const { userId } = await protect({ role: 'admin', returnTo: '/admin' })
  return <h1>Admin {userId}</h1>
}
