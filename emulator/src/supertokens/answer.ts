/** How a core answers: JSON where it understood, plain text where it refuses. */

/** JSON with status 200; errors of the business kind differ from success only in their `status`. */
export function json(body: object, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(`${JSON.stringify(body)}\n`, {
    headers: { ...headers, 'content-type': 'application/json;charset=UTF-8' },
  })
}

/** Plain text, labelled as HTML as a core does it. */
export function text(status: number, message: string): Response {
  return new Response(`${message}\n`, {
    status,
    headers: { 'content-type': 'text/html;charset=UTF-8' },
  })
}

/** A call is refused with this status and text. */
export class Refusal extends Error {
  readonly status: number
  /** What the stand-in lacks, where that is why. */
  readonly missing: string | undefined

  constructor(status: number, message: string, missing?: string) {
    super(message)
    this.name = 'Refusal'
    this.status = status
    this.missing = missing
  }
}

/** Refuses what a core can do and the stand-in cannot, and says so in the log. */
export function notEmulated(what: string): Refusal {
  return new Refusal(404, 'Not found', what)
}
