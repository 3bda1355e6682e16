/** Domains of organisations, by whose e-mail addresses members are recognised. */

import { z } from 'zod'
import { type Call, type ClerkEndpoint, readBody, readQuery } from '../call.js'
import { flag, limit, offset, page } from '../fields.js'
import { createId } from '../identifiers.js'
import { deletedJson } from '../json/deleted.js'
import { isTaken, notFound } from '../problem.js'
import type { OrganizationDomainRecord } from '../records.js'
import { select } from '../store.js'
import { organizationOf } from './organizations.js'

const PATH = '/v1/organizations/:organization_id/domains'

const DOMAIN = /^(?:[a-z0-9-]+\.)+[a-z]{2,}$/

const listSchema = z.object({
  limit,
  offset,
  verified: flag,
  enrollment_mode: z.string().optional(),
})
const fields = {
  name: z.string().regex(DOMAIN),
  enrollment_mode: z.enum(['manual_invitation', 'automatic_invitation', 'automatic_suggestion']),
  verified: z.boolean(),
}
const newSchema = z.object({
  name: fields.name,
  enrollment_mode: fields.enrollment_mode.default('manual_invitation'),
  verified: fields.verified.default(true),
})
const changesSchema = z.object(fields).partial()

export const organizationDomainEndpoints: readonly ClerkEndpoint[] = [
  {
    method: 'GET',
    path: PATH,
    handle: (call) => {
      const { id } = organizationOf(call)
      const { verified, enrollment_mode: mode, ...range } = readQuery(call, listSchema)
      const domains = select(
        call.state.store.organizationDomains,
        (its) =>
          its.organizationId === id &&
          (verified === undefined || its.isVerified === verified) &&
          (mode === undefined || its.enrollmentMode === mode),
      ).reverse()
      return { data: page(domains, range).map(domainJson), total_count: domains.length }
    },
  },
  {
    method: 'POST',
    path: PATH,
    handle: async (call) => {
      const { id: organizationId } = organizationOf(call)
      const body = await readBody(call, newSchema)
      const { organizationDomains } = call.state.store
      if (select(organizationDomains, ({ name }) => name === body.name).length > 0) {
        throw isTaken('name')
      }
      const now = call.state.clock.now()
      const domain: OrganizationDomainRecord = {
        id: createId('orgdmn'),
        organizationId,
        name: body.name,
        enrollmentMode: body.enrollment_mode,
        isVerified: body.verified,
        createdAt: now,
        updatedAt: now,
      }
      organizationDomains.set(domain.id, domain)
      return domainJson(domain)
    },
  },
  {
    method: 'PATCH',
    path: `${PATH}/:id`,
    handle: async (call) => {
      const domain = domainOf(call)
      const body = await readBody(call, changesSchema)
      Object.assign(domain, {
        enrollmentMode: body.enrollment_mode ?? domain.enrollmentMode,
        isVerified: body.verified ?? domain.isVerified,
        updatedAt: call.state.clock.now(),
      })
      return domainJson(domain)
    },
  },
  {
    method: 'DELETE',
    path: `${PATH}/:id`,
    handle: (call) => {
      const { id } = domainOf(call)
      call.state.store.organizationDomains.delete(id)
      return deletedJson('organization_domain', id)
    },
  },
]

function domainOf(call: Call): OrganizationDomainRecord {
  const id = call.parameter('id')
  const domain = call.state.store.organizationDomains.get(id)
  if (domain?.organizationId !== organizationOf(call).id) throw notFound('domain', id)
  return domain
}

function domainJson(domain: OrganizationDomainRecord): object {
  const status = domain.isVerified ? 'verified' : 'unverified'
  return {
    object: 'organization_domain',
    id: domain.id,
    organization_id: domain.organizationId,
    name: domain.name,
    enrollment_mode: domain.enrollmentMode,
    verification: { status, strategy: 'email_code', attempts: null, expires_at: null },
    affiliation_email_address: null,
    total_pending_invitations: 0,
    total_pending_suggestions: 0,
    created_at: domain.createdAt,
    updated_at: domain.updatedAt,
  }
}
