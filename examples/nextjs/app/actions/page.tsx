import { cookies } from 'next/headers'
import { LeaveButton } from '../../components/leave-button'
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
    <section className="card">
      <h1>Server actions</h1>
      <dl className="facts">
        <dt>Signed in</dt>
        <dd id="who">{userId ?? 'nobody'}</dd>
        <dt>Remembered</dt>
        <dd id="remembered">{remembered ?? 'nothing'}</dd>
      </dl>
      <div className="actions">
        <form action={remember}>
          <button type="submit" id="remember" className="quiet">
            Remember me
          </button>
        </form>
        <LeaveButton leave={leave} />
      </div>
      <p>Both buttons run on the server. The first one sends you to sign in, should it have to.</p>
    </section>
  )
}
