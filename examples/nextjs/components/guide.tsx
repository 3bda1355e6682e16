/** What to try, in an order that makes sense. */
export function Guide({ inspectorUrl }: { inspectorUrl: string | null }) {
  return (
    <section className="card" aria-labelledby="guide-title">
      <h2 id="guide-title">What to try</h2>
      <ol className="guide">
        <li>Sign up with any e-mail address; nothing leaves this machine.</li>
        <li>Call a guarded route of either router, below.</li>
        <li>Call an admin route, and be refused with 403.</li>
        <li>
          Become an admin
          {inspectorUrl ? (
            <>
              {' '}
              in{' '}
              <a href={inspectorUrl} target="_blank" rel="noreferrer">
                the inspector
              </a>
            </>
          ) : (
            ' in the vendor’s dashboard'
          )}
          , refresh the session, and call it again.
        </li>
        <li>Wait a minute: the route that asks for a recent sign-in refuses. Sign in again.</li>
        <li>
          Sign in with a second browser, and sign out everywhere: it ends there, too, with the next
          refresh.
        </li>
      </ol>
    </section>
  )
}
