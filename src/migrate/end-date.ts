/** The date on which the old vendor ends. */

/** `2027-03-01T00:00:00Z`, or the date itself. */
export type EndDate = string | Date

export const DATE_FORM = 'a date with a time zone: 2027-03-01T00:00:00Z'

/** Without a zone, a date would mean another moment on every machine. */
export function isDate(value: unknown): boolean {
  if (value instanceof Date) return !Number.isNaN(value.getTime())
  const isZoned = typeof value === 'string' && /T.*(?:Z|[+-]\d\d:?\d\d)$/.test(value)
  return isZoned && !Number.isNaN(Date.parse(value))
}
