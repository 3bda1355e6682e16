import type { Auth, SignedOutReason } from 'authmux'
import Link from 'next/link'
import { AutoRefresh } from './auto-refresh'
import { SessionActions } from './session-actions'

const reasons: Readonly<Record<SignedOutReason, string>> = {
  no_credentials: 'This browser sent no session.',
  token_expired: 'The session token has run out; the vendor’s client is fetching a new one.',
  token_invalid: 'What this browser sent is not a session of this app.',
  session_revoked: 'The session was ended.',
  session_pending: 'Signing in is not finished yet.',
  csrf_rejected: 'The request came from another site.',
}

/** Who is there, in words, and the object every handler is given. */
export function SessionCard({ auth }: { auth: Auth }) {
  return (
    <section className="card" aria-labelledby="session-title">
      <h2 id="session-title">
        {auth.isAuthenticated ? 'You are signed in' : 'You are signed out'}
      </h2>
      {auth.isAuthenticated ? (
        <>
          <dl className="facts">
            <dt>User</dt>
            <dd id="who">
              <code>{auth.userId}</code>
            </dd>
            <dt>Roles</dt>
            <dd id="roles">{auth.roles.join(', ') || 'none'}</dd>
            <dt>Token until</dt>
            <dd>
              <time dateTime={auth.expiresAt.toISOString()}>{inWords(auth.expiresAt)}</time>
            </dd>
          </dl>
          <SessionActions />
        </>
      ) : (
        <>
          <p id="who">{reasons[auth.reason]}</p>
          {auth.reason === 'token_expired' && <AutoRefresh />}
          <p>
            <Link className="button" href="/sign-in" prefetch={false}>
              Sign in or sign up
            </Link>
          </p>
        </>
      )}
      <details>
        <summary>The normalised object</summary>
        <pre id="auth">{JSON.stringify(auth, null, 2)}</pre>
      </details>
    </section>
  )
}

function inWords(date: Date): string {
  return date.toISOString().replace('T', ' ').replace(/\..*/, ' UTC')
}
