import type { Step } from 'authmux/migrate'

/** The steps of a move, in their order. */
export const steps: readonly Step[] = [
  'old-only',
  'dual-old-primary',
  'dual-new-primary',
  'new-only',
]
