'use client'

const explanations: Record<string, string> = {
  'authmux:forbidden': 'You are signed in, but not allowed to see this.',
  'authmux:provider_unavailable': 'Signing in does not work right now. Try again in a moment.',
}

export default function ErrorPage({ error }: { error: Error & { digest?: string } }) {
  return (
    <main>
      <h1>That did not work</h1>
      <p id="explanation">{explanations[error.digest ?? ''] ?? 'Something went wrong.'}</p>
      <code id="digest">{error.digest}</code>
    </main>
  )
}
