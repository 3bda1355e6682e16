/** Parts of pages. Everything that is put in is escaped. */

import { html } from 'hono/html'

/** Markup that is safe to send. */
export type Markup = ReturnType<typeof html>

/** A column of a table: what it is called, and what it has for a row. */
export type Column<Row> = readonly [label: string, show: (row: Row) => Markup | string]

/** A table, or words for when there is nothing in it. */
export function table<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  whenEmpty: string,
): Markup {
  if (rows.length === 0) return html`<p>${whenEmpty}</p>`
  const heads = columns.map(([label]) => html`<th scope="col">${label}</th>`)
  const lines = rows.map((row) => {
    const cells = columns.map(([label, show]) => html`<td data-label="${label}">${show(row)}</td>`)
    return html`<tr>${cells}</tr>`
  })
  return html`<table><thead><tr>${heads}</tr></thead><tbody>${lines}</tbody></table>`
}

/**
 * A form that takes an action; what is inside stands before its button.
 * @param action With the part of the page to come back to, as in `give-role#users`.
 */
export function form(action: string, button: string, inside: Markup | string = ''): Markup {
  return html`<form method="post" action="${action}">${inside}<button>${button}</button></form>`
}

/** A value that goes along with a form unseen. */
export function hidden(name: string, value: string): Markup {
  return html`<input type="hidden" name="${name}" value="${value}">`
}

/** A whole number to fill in. */
export function number(name: string, label: string, value: number | string = ''): Markup {
  return html`<label>${label}<input type="number" name="${name}" value="${value}"></label>`
}

/** A time, given in milliseconds since the epoch. */
export function time(at: number): string {
  return new Date(at).toISOString().replace('T', ' ').replace('Z', '')
}
