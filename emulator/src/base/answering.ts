/** How both stand-ins answer: faults go first, and every call leaves a line in the log. */

import type { LogEntry } from './log.js'
import type { StandIn } from './stand-in.js'

/** An answer, and what the log is to say about it. */
export interface Answered extends Pick<LogEntry, 'note' | 'missing'> {
  readonly response: Response
}

/** @param answer Given what to answer instead, if anything. */
export function answering(
  { clock, faults, log }: Pick<StandIn, 'clock' | 'faults' | 'log'>,
  answer: (request: Request, fault: Response | null) => Promise<Answered>,
): StandIn['fetch'] {
  return async (request) => {
    const at = clock.now()
    const fault = await faults.intercept()
    const { response, ...said } = await answer(request, fault)
    const { pathname: path } = new URL(request.url)
    log.add({ at, method: request.method, path, status: response.status, ...said })
    return response
  }
}
