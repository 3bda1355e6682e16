export default async function SignIn({
  searchParams,
}: {
  searchParams: Promise<{ returnTo?: string }>
}) {
  const { returnTo = '/' } = await searchParams
  return (
    <main>
      <h1>Sign in</h1>
      <p>Put your vendor's sign-in component here. Afterwards, go to {returnTo}.</p>
    </main>
  )
}
