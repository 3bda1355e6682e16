/** What in a seed refers to something that is not there, or is there twice. */

import { z } from 'zod'
import type { Problem } from './problem.js'

/** Anything that is no text or no list is somebody else's complaint. */
const text = z.string().trim().catch('')
const email = z.string().trim().toLowerCase().catch('')
const list = <Item extends z.ZodType>(item: Item) => z.array(item).catch([])

const outline = z
  .object({
    roles: z.record(z.string(), z.unknown()).catch({}),
    users: list(z.object({ email, roles: list(text) }).catch({ email: '', roles: [] })),
    organizations: list(
      z
        .object({ slug: text, members: list(z.object({ email }).catch({ email: '' })) })
        .catch({ slug: '', members: [] }),
    ),
  })
  .catch({ roles: {}, users: [], organizations: [] })

/** @param data A seed that may be wrong in other ways as well. */
export function referenceProblems(data: unknown): Problem[] {
  const { roles, users, organizations } = outline.parse(data)
  const emails = users.map((user) => user.email)
  return [
    ...repeated(emails, (index) => `users.${index}.email`),
    ...users.flatMap((user, index) =>
      user.roles.flatMap((role, at) =>
        role === '' || Object.hasOwn(roles, role)
          ? []
          : problem(`users.${index}.roles.${at}`, `there is no role "${role}" in "roles"`),
      ),
    ),
    ...repeated(
      organizations.map(({ slug }) => slug),
      (index) => `organizations.${index}.slug`,
    ),
    ...organizations.flatMap(({ members }, index) => {
      const path = (at: number) => `organizations.${index}.members.${at}.email`
      const wanted = members.map((member) => member.email)
      return [
        ...repeated(wanted, path),
        ...wanted.flatMap((its, at) =>
          its === '' || emails.includes(its)
            ? []
            : problem(path(at), `there is no user ${its} in "users"`),
        ),
      ]
    }),
  ]
}

function repeated(values: readonly string[], path: (index: number) => string): Problem[] {
  return values.flatMap((value, index) =>
    value === '' || values.indexOf(value) === index
      ? []
      : problem(path(index), `${value} is there already`),
  )
}

function problem(path: string, message: string): [Problem] {
  return [{ path, message }]
}
