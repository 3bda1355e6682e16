import { toReturnPath } from '../../../../nextjs/lib/return-path'
import { SignIn } from '../../../../nextjs/vendors'

export default async function SignInPage({
  searchParams,
}: {
  searchParams: Promise<{ returnTo?: string | string[] }>
}) {
  const { returnTo } = await searchParams
  return (
    <div className="sign-in">
      <h1 className="unseen">Sign in</h1>
      <SignIn returnTo={toReturnPath(returnTo)} />
    </div>
  )
}
