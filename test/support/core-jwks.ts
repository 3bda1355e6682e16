/** How a vendor's JWK set address answers, one call at a time. */
export type JwksAnswer = (url: string, init: RequestInit) => Response | Promise<Response>

export interface JwksServer {
  readonly fetch: typeof fetch
  /** Addresses asked, in order. */
  readonly asked: readonly string[]
  /** Options of the requests, in order. */
  readonly requests: readonly RequestInit[]
  answerWith(answer: JwksAnswer): void
}

export function jwksServer(answer: JwksAnswer): JwksServer {
  const asked: string[] = []
  const requests: RequestInit[] = []
  let current = answer
  return {
    asked,
    requests,
    fetch: async (input, init = {}) => {
      asked.push(String(input))
      requests.push(init)
      return current(String(input), init)
    },
    answerWith(next) {
      current = next
    },
  }
}

export function jwksOf(...keys: readonly object[]): JwksAnswer {
  return () => Response.json({ keys })
}

/** Swallows the request; only its signal ends the wait. */
export const silence: JwksAnswer = (_url, { signal }) =>
  new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason as Error))
  })

/** Answers at once and then never finishes the body. */
export const stall: JwksAnswer = (_url, { signal }) =>
  new Response(
    new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"keys":['))
        signal?.addEventListener('abort', () => controller.error(signal.reason))
      },
    }),
  )

/** Answers without end. */
export const flood: JwksAnswer = () =>
  new Response(
    new ReadableStream({
      pull(controller) {
        controller.enqueue(new Uint8Array(65_536).fill(32))
      },
    }),
  )
