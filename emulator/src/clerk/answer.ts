/** Answers in JSON. */

/**
 * Answers with JSON and exactly `application/json`: the SDK takes a body of any other type for text,
 * one with a charset included.
 */
export function answerJson(body: unknown, { status = 200, headers }: ResponseInit = {}): Response {
  const answer = new Response(JSON.stringify(body), { status, headers: new Headers(headers) })
  answer.headers.set('content-type', 'application/json')
  if (!answer.headers.has('cache-control')) answer.headers.set('cache-control', 'no-store')
  return answer
}
