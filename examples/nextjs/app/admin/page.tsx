import { protect } from '../../lib/auth'

export default async function Admin() {
  const { userId } = await protect({ role: 'admin', returnTo: '/admin' })
  return (
    <section className="card">
      <h1>Admin {userId}</h1>
      <p>Only sessions with the role admin get here; the others see an explanation.</p>
    </section>
  )
}
