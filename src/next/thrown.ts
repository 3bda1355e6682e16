/** What Next.js answers to `redirect()`, `notFound()` and their like, which throw. */

/**
 * Read from the error's digest (`next` 16.4.5, client/components/redirect.ts and http-access-fallback.ts,
 * read 2026-11-23).
 *
 * @returns `null` for everything else that is thrown.
 */
export function answerToThrown(thrown: unknown): Response | null {
  if (!(thrown instanceof Error) || !('digest' in thrown)) return null
  const digest = String(thrown.digest)
  const [, location, redirectStatus] = /^NEXT_REDIRECT;\w+;(.*);(30\d);$/s.exec(digest) ?? []
  if (location !== undefined) {
    return new Response(null, { status: Number(redirectStatus), headers: { location } })
  }
  const [, status] = /^NEXT_HTTP_ERROR_FALLBACK;(4\d\d)$/.exec(digest) ?? []
  return status === undefined ? null : new Response(null, { status: Number(status) })
}
