import Link from 'next/link'
import { getAuth } from '../lib/auth'

export default async function Home() {
  const auth = await getAuth()
  return (
    <main>
      <h1>authmux example</h1>
      <p id="who">
        {auth.isAuthenticated ? `Signed in as ${auth.userId}` : `Signed out: ${auth.reason}`}
      </p>
      <pre>{JSON.stringify(auth, null, 2)}</pre>
      <Link href="/dashboard">Dashboard</Link>
    </main>
  )
}
