import { protect } from '../../lib/auth'

export default async function Dashboard() {
  const { userId, provider } = await protect({ returnTo: '/dashboard' })
  return (
    <main>
      <h1>Dashboard</h1>
      <p id="who">
        {userId} by {provider}
      </p>
    </main>
  )
}
