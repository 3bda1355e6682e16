/** Plain lists that servers keep: who may sign up, who may not, and where links may lead. */

import { z } from 'zod'
import { type Call, type ClerkEndpoint, readBody, readQuery } from '../call.js'
import { flag, limit, offset, page } from '../fields.js'
import { createId } from '../identifiers.js'
import { deletedJson } from '../json/deleted.js'
import { ClerkProblem, notFound } from '../problem.js'
import type { EntryRecord } from '../records.js'
import { select } from '../store.js'

interface ListKind {
  readonly kind: EntryRecord['kind']
  readonly prefix: string
  /** Name of the value, in bodies and answers. */
  readonly parameter: 'identifier' | 'url'
  /** Whether the SDK has to say that it wants pages; without them, some lists are bare arrays. */
  readonly isAlwaysPaginated: boolean
}

const pageSchema = z.object({ limit, offset, paginated: z.stringbool().default(false) })
const newSchema = z.object({
  identifier: z.string().min(1).optional(),
  url: z.url().optional(),
  notify: flag.nullish(),
})

export const listEndpoints: readonly ClerkEndpoint[] = [
  ...endpointsOf('/v1/allowlist_identifiers', {
    kind: 'allowlist_identifier',
    prefix: 'alid',
    parameter: 'identifier',
    isAlwaysPaginated: false,
  }),
  ...endpointsOf('/v1/blocklist_identifiers', {
    kind: 'blocklist_identifier',
    prefix: 'blid',
    parameter: 'identifier',
    isAlwaysPaginated: true,
  }),
  ...endpointsOf('/v1/redirect_urls', {
    kind: 'redirect_url',
    prefix: 'ru',
    parameter: 'url',
    isAlwaysPaginated: false,
  }),
]

function endpointsOf(path: string, list: ListKind): ClerkEndpoint[] {
  return [
    {
      method: 'GET',
      path,
      handle: (call) => {
        const { paginated, ...range } = readQuery(call, pageSchema)
        const entries = entriesOf(call, list).reverse()
        const data = page(entries, range).map((its) => entryJson(call, list, its))
        const isPaginated = paginated || list.isAlwaysPaginated
        return isPaginated ? { data, total_count: entries.length } : data
      },
    },
    { method: 'POST', path, handle: (call) => create(call, list) },
    {
      method: 'GET',
      path: `${path}/:id`,
      handle: (call) => entryJson(call, list, entryOf(call, list)),
    },
    {
      method: 'DELETE',
      path: `${path}/:id`,
      handle: (call) => {
        const { id } = entryOf(call, list)
        call.state.store.entries.delete(id)
        return deletedJson(list.kind, id)
      },
    },
  ]
}

async function create(call: Call, list: ListKind): Promise<object> {
  const { kind, parameter, prefix } = list
  const value = (await readBody(call, newSchema))[parameter]
  if (value === undefined) {
    const longMessage = `${parameter} must be included.`
    throw new ClerkProblem({
      code: 'form_param_missing',
      message: 'is missing',
      longMessage,
      parameter,
    })
  }
  if (entriesOf(call, list).some((its) => its.value === value)) {
    const message = `the ${parameter} ${value} already exists`
    throw new ClerkProblem({ code: 'duplicate_record', message, parameter })
  }
  const now = call.state.clock.now()
  const entry = { id: createId(prefix), kind, value, createdAt: now, updatedAt: now }
  call.state.store.entries.set(entry.id, entry)
  return entryJson(call, list, entry)
}

function entriesOf({ state }: Call, list: ListKind): EntryRecord[] {
  return select(state.store.entries, ({ kind }) => kind === list.kind)
}

function entryOf(call: Call, { kind }: ListKind): EntryRecord {
  const id = call.parameter('id')
  const entry = call.state.store.entries.get(id)
  if (entry?.kind !== kind) throw notFound(kind.replaceAll('_', ' '), id)
  return entry
}

function entryJson({ state }: Call, list: ListKind, entry: EntryRecord): object {
  const isIdentifier = list.parameter === 'identifier'
  const type = entry.value.startsWith('+') ? 'phone_number' : 'email_address'
  return {
    object: list.kind,
    id: entry.id,
    [list.parameter]: entry.value,
    ...(isIdentifier && { identifier_type: type, instance_id: state.settings.instanceId }),
    created_at: entry.createdAt,
    updated_at: entry.updatedAt,
  }
}
