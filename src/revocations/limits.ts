/** Times that lists of every kind have in common. */

/** A day: longer than vendors let a token live unless they are told to. */
export const DEFAULT_KEEP_SECONDS = 86_400

/** How much longer an entry is kept than it is needed, as clocks never agree, in milliseconds. */
export const MARGIN_MS = 60_000
