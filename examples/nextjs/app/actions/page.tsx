import { cookies } from 'next/headers'
import { getAuth, protect, signOut } from '../../lib/auth'

async function remember() {
  'use server'
  const { userId } = await protect({ returnTo: '/actions' })
  ;(await cookies()).set('remembered', userId)
}

async function leave() {
  'use server'
  await signOut()
}

export default async function Actions() {
  const { userId } = await getAuth()
  const remembered = (await cookies()).get('remembered')?.value
  return (
    <main>
      <h1>Server actions</h1>
      <p id="who">{userId ?? 'nobody'}</p>
      <p id="remembered">{remembered ?? 'nothing'}</p>
      <form action={remember}>
        <button type="submit" id="remember">
          Remember me
        </button>
      </form>
      <form action={leave}>
        <button type="submit" id="leave">
          Sign out
        </button>
      </form>
    </main>
  )
}
