/** Ids of the app's own for users. */

import { z } from 'zod'
import { type CoreEndpoint, get, post, put } from '../endpoint.js'
import { filled, userIdType } from '../fields.js'
import { findMapping } from '../users/ids.js'
import { createMapping, removeMapping } from '../users/mapping.js'

const info = filled('externalUserIdInfo').nullable()
const force = z.boolean().optional()

const newMapping = z.object({
  superTokensUserId: filled('superTokensUserId'),
  externalUserId: filled('externalUserId'),
  externalUserIdInfo: info.optional(),
  force,
})

const lookup = z.object({ userId: filled('userId'), userIdType })

export const userIdMappingEndpoints: readonly CoreEndpoint[] = [
  post('/recipe/userid/map', newMapping, (input, core) => createMapping(core, input)),
  get('/recipe/userid/map', lookup, (input, { store }) => {
    const mapping = findMapping(store, input.userId, input.userIdType)
    return mapping ? { status: 'OK', ...mapping } : unknownMapping
  }),
  post('/recipe/userid/map/remove', lookup.extend({ force }), (input, core) => ({
    status: 'OK',
    didMappingExist: removeMapping(core, input.userId, input.userIdType, input.force),
  })),
  put(
    '/recipe/userid/external-user-id-info',
    lookup.extend({ externalUserIdInfo: info }),
    (input, { store }) => {
      const mapping = findMapping(store, input.userId, input.userIdType)
      if (!mapping) return unknownMapping
      mapping.externalUserIdInfo = input.externalUserIdInfo ?? undefined
      return { status: 'OK' }
    },
  ),
]

const unknownMapping = { status: 'UNKNOWN_MAPPING_ERROR' }
