/** The inspector's one page. */

import { html, raw } from 'hono/html'
import type { StandIn, Vendor } from '../base/stand-in.js'
import type { Problem } from '../seed/problem.js'
import type { Markup } from './html.js'
import { sections } from './sections.js'
import { STYLE } from './style.js'

const TITLES: Readonly<Record<Vendor, string>> = {
  supertokens: 'SuperTokens core',
  clerk: 'Clerk instance',
}

/** @param problems Why what was just asked for was not done. */
export function page(standIn: StandIn, url: string, problems: readonly Problem[] = []): Markup {
  const title = `${TITLES[standIn.vendor]} (emulated)`
  const links = sections.map((its) => html`<a href="#${its.id}">${its.title}</a>`)
  const parts = sections.map(
    (its) =>
      html`<section id="${its.id}"><h2>${its.title}</h2>${its.render(standIn, url)}</section>`,
  )
  const complaints = problems.map(
    ({ path, message }) => html`<p class="warning" role="alert">${path}: ${message}</p>`,
  )
  const style = raw(`<style>${STYLE}</style>`)
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
${style}
</head>
<body>
<header>
<h1>${title}</h1>
<p class="warning">For development and tests only. Times are UTC.</p>
<nav><a href="./">Reload</a>${links}</nav>
</header>
<main>${complaints}${parts}</main>
</body>
</html>
`
}
