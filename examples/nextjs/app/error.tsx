'use client'

import Link from 'next/link'

const explanations: Record<string, string> = {
  'authmux:forbidden': 'You are signed in, but not allowed to see this: it takes the role admin.',
  'authmux:provider_unavailable': 'Signing in does not work right now. Try again in a moment.',
  'authmux:config_invalid': 'The app is not configured; its log lists every variable at fault.',
}

export default function ErrorPage({ error }: { error: Error & { digest?: string } }) {
  return (
    <section className="card">
      <h1>That did not work</h1>
      <p id="explanation">{explanations[error.digest ?? ''] ?? 'Something went wrong.'}</p>
      <p>
        <code id="digest">{error.digest}</code>
      </p>
      <p>
        <Link href="/">Back to the start</Link>
      </p>
    </section>
  )
}
