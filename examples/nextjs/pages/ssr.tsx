import type { GetServerSideProps } from 'next'
import { getAuth } from '../lib/auth'

interface Props {
  userId: string | null
  reason: string | null
}

export const getServerSideProps: GetServerSideProps<Props> = async (context) => {
  const { userId, reason } = await getAuth(context)
  return { props: { userId, reason } }
}

export default function ServerSide({ userId, reason }: Props) {
  return (
    <section className="card">
      <h1>The Pages Router</h1>
      <p id="who">{userId ? `Signed in as ${userId}` : `Signed out: ${reason}`}</p>
      <p>
        Rendered by <code>getServerSideProps</code>, which asked <code>getAuth(context)</code>.
      </p>
    </section>
  )
}
