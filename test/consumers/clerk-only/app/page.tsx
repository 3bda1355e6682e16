import { getAuth } from '../lib/auth'

export default async function Home() {
  const { userId } = await getAuth()
  return <p id="who">{userId ?? 'nobody'}</p>
}
