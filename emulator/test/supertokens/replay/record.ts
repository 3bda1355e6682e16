/** Asks a core over HTTP, and writes down what it answers. */

import type { Body } from '../support/caller.js'
import type { Exchange, Recording } from './recording.js'
import { parse } from './replay.js'

/** Asks, and resolves with the answer's body, whatever its status. */
export type Ask = (method: string, path: string, input?: object) => Promise<Body>

/** A story with a core that may know others already. */
export interface Scenario {
  readonly name: string
  readonly play: (ask: Ask) => Promise<void>
}

/** Headers of answers that a core decides on. */
const ANSWER_HEADERS = ['content-type', 'cache-control'] as const

export async function record(url: string, { name, play }: Scenario): Promise<Recording> {
  const exchanges: Exchange[] = []
  await play(async (method, path, input = {}) => {
    const isRead = method === 'GET'
    const body = isRead ? null : input
    const query = isRead ? Object.fromEntries(Object.entries(input)) : {}
    const headers = {
      'cdi-version': '5.4',
      ...(!isRead && { 'content-type': 'application/json; charset=utf-8' }),
    }
    const target = new URL(path, url)
    for (const [key, value] of Object.entries(query)) target.searchParams.set(key, String(value))
    const answer = await fetch(target, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    const kept = ANSWER_HEADERS.flatMap((header) => {
      const value = answer.headers.get(header)
      return value === null ? [] : [[header, value] as const]
    })
    exchanges.push({
      request: { method, path, query, headers, body },
      response: {
        status: answer.status,
        headers: Object.fromEntries(kept),
        body: parse(text),
      },
    })
    return parse(text)
  })
  return { name, exchanges }
}
