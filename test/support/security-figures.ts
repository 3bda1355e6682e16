/** What a run of the security suite has counted, for the table in docs/security.md. */

import type { TestContext } from 'vitest'
import { seed } from './random.js'

/** Rows of the table, in its order; scripts/security-figures.mjs has their wording. */
export type PromiseName =
  | 'vectors'
  | 'mutations'
  | 'claims'
  | 'differential'
  | 'swaps'
  | 'spoofing'
  | 'fuzz'
  | 'keys'
  | 'outage'
  | 'cross-site'
  | 'caches'
  | 'redirects'
  | 'output'

declare module 'vitest' {
  interface TaskMeta {
    figures?: { readonly promise: PromiseName; readonly figure: string }[]
  }
}

/** Part of the promised number of cases to try: `SECURITY_SCALE`, default a tenth. */
const scale = Number(process.env.SECURITY_SCALE ?? 0.1)

/** How many cases to try in this run. */
export function share(promised: number): number {
  return Math.ceil(promised * scale)
}

export function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(\d{3})+$)/g, ' ')
}

/** Puts a figure on record with the test that found it. */
export function record({ task }: TestContext, promise: PromiseName, figure: string): void {
  task.meta.figures = [...(task.meta.figures ?? []), { promise, figure }]
}

export { seed }
