import { protect } from '../../lib/auth'

export default async function Dashboard() {
  const { userId, provider } = await protect({ returnTo: '/dashboard' })
  return (
    <section className="card">
      <h1>Dashboard</h1>
      <p id="who">
        <code>{userId}</code> by {provider}
      </p>
      <p>
        This is a server component: without a session it would have sent you to sign in, and back
        here afterwards. A session that has run out is renewed before the page is rendered.
      </p>
    </section>
  )
}
