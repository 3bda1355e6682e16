/** The parts of the inspector's page. */

import { html } from 'hono/html'
import type { LogEntry } from '../base/log.js'
import type { StandIn } from '../base/stand-in.js'
import { form, hidden, type Markup, number, table, time } from './html.js'
import { toRequests, toSwitches } from './views.js'

/** Lines of the log on the page; the JSON has all. */
const MAX_REQUESTS = 100

/** A part of the page. */
export interface Section {
  readonly id: string
  readonly title: string
  readonly render: (standIn: StandIn, url: string) => Markup
}

export const sections: readonly Section[] = [
  { id: 'users', title: 'Users', render: users },
  { id: 'sessions', title: 'Sessions', render: sessions },
  { id: 'messages', title: 'Codes and links', render: messages },
  { id: 'switches', title: 'Switches', render: switches },
  { id: 'requests', title: 'Requests', render: requests },
  { id: 'environment', title: 'Environment of the app', render: environment },
]

function users({ admin }: StandIn): Markup {
  return table(
    admin.users(),
    [
      ['User', ({ id, identifiers }) => html`${identifiers.join(', ')}<br><code>${id}</code>`],
      ['Since', ({ createdAt }) => time(createdAt)],
      [
        'Roles',
        ({ id, roles }) => html`<div class="actions">
          ${roles.map((role) => form('take-role#users', `Remove ${role}`, html`${hidden('userId', id)}${hidden('role', role)}`))}
          ${form('give-role#users', 'Give', html`${hidden('userId', id)}<input name="role" required size="8" aria-label="Role" placeholder="role">`)}
        </div>`,
      ],
    ],
    'Nobody has signed up.',
  )
}

function sessions({ admin }: StandIn): Markup {
  const byId = new Map(admin.users().map(({ id, identifiers }) => [id, identifiers[0]]))
  return table(
    admin.sessions().toReversed(),
    [
      ['Session', ({ id, userId }) => html`${byId.get(userId) ?? userId}<br><code>${id}</code>`],
      ['State', ({ status }) => status],
      ['From, to', ({ createdAt, expiresAt }) => html`${time(createdAt)}<br>${time(expiresAt)}`],
      [
        'End it',
        ({ id, status }) =>
          status === 'active'
            ? html`<div class="actions">
                ${form('expire-session#sessions', 'Expire', hidden('sessionId', id))}
                ${form('revoke-session#sessions', 'Revoke', hidden('sessionId', id))}
              </div>`
            : '',
      ],
    ],
    'Nobody has signed in.',
  )
}

function messages({ vendor, admin }: StandIn): Markup {
  const remark =
    vendor === 'supertokens'
      ? html`<p>A core sends nothing itself: these are the codes and tokens it has made for the app
          to send, as long as they can be used.</p>`
      : ''
  const rows = table(
    admin.messages().toReversed(),
    [
      ['At', ({ at }) => time(at)],
      ['To', ({ to }) => to],
      ['About', ({ about }) => about],
      ['Code', ({ code }) => html`<code>${code ?? ''}</code>`],
      ['Token for a link', ({ token }) => html`<code>${token ?? ''}</code>`],
    ],
    'Nothing to send yet.',
  )
  return html`${remark}${rows}`
}

function switches(standIn: StandIn): Markup {
  const { now, aheadSeconds, latencyMs, isOffline, failing, rateLimit } = toSwitches(standIn)
  const failures = failing
    ? `The next ${failing.count} calls answer ${failing.status}.`
    : 'Calls do not fail.'
  const limit = rateLimit
    ? `${rateLimit.calls} calls in ${rateLimit.seconds} s, then 429.`
    : 'As many calls as come.'
  return html`<div class="switches">
    <div><p>${isOffline ? 'Offline: connections are dropped.' : 'Online.'}</p>
      ${isOffline ? form('go-online#switches', 'Go online') : form('go-offline#switches', 'Go offline')}</div>
    <div><p>Answers take ${latencyMs} ms longer.</p>
      ${form('set-latency#switches', 'Set', number('milliseconds', 'Milliseconds', latencyMs))}</div>
    <div><p>${failures}</p>
      ${form(
        'fail-next#switches',
        'Fail',
        html`${number('count', 'Calls', 1)}${number('status', 'Status', 503)}
        ${number('retryAfterSeconds', 'Retry-After (s)')}`,
      )}</div>
    <div><p>${limit}</p><div class="actions">
      ${form(
        'limit-rate#switches',
        'Limit',
        html`${number('calls', 'Calls', 100)}${number('seconds', 'Seconds', 10)}`,
      )}
      ${rateLimit ? form('lift-rate-limit#switches', 'Lift') : ''}</div></div>
    <div><p>It is ${time(now)} UTC, ${aheadSeconds} s ahead.</p>
      ${form('advance-clock#switches', 'Advance', number('seconds', 'Seconds', 3600))}</div>
    <div><p>Signing keys: old ones stay good.</p>${form('rotate-keys#switches', 'Rotate')}</div>
  </div>`
}

function requests(standIn: StandIn): Markup {
  return table<LogEntry>(
    toRequests(standIn).slice(0, MAX_REQUESTS),
    [
      ['At', ({ at }) => time(at)],
      ['Request', ({ method, path }) => html`<code>${method} ${path}</code>`],
      ['Status', ({ status }) => String(status)],
      [
        'Remark',
        ({ note, missing }) => (missing === undefined ? (note ?? '') : `missing: ${missing}`),
      ],
    ],
    'Nothing was asked yet.',
  )
}

function environment(standIn: StandIn, url: string): Markup {
  const lines = Object.entries(standIn.environment(url)).map(([name, value]) => `${name}=${value}`)
  return html`<pre>${lines.join('\n')}</pre>`
}
