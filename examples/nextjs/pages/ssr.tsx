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
  return <p id="who">{userId ?? `Signed out: ${reason}`}</p>
}
