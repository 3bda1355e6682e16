import { protect } from '../../lib/auth'

export default async function Dashboard() {
  const { userId, provider } = await protect({ returnTo: '/dashboard' })
  return (
    <section className="card">
      <h1>Dashboard</h1>
      <p id="who">
        <code>{userId}</code> by <span id="provider">{provider}</span>
      </p>
      <p>
        A guarded page. Opened with a session that belongs at SuperTokens by now, it comes with the
        new session already: that takes no script.
      </p>
    </section>
  )
}
