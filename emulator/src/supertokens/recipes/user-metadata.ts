/** Data the app keeps about users; user ids are taken as they come. */

import { z } from 'zod'
import { type CoreEndpoint, get, post, put } from '../endpoint.js'
import { jsonObject } from '../fields.js'

const ofUser = z.object({ userId: z.string() })
const update = z.object({ userId: z.string(), metadataUpdate: jsonObject })

export const userMetadataEndpoints: readonly CoreEndpoint[] = [
  get('/recipe/user/metadata', ofUser, ({ userId }, { store }) => ({
    metadata: store.metadata.get(userId) ?? {},
    status: 'OK',
  })),
  put('/recipe/user/metadata', update, ({ userId, metadataUpdate }, { store }) => {
    const merged = { ...store.metadata.get(userId), ...metadataUpdate }
    // Only the top level is merged, and `null` there takes a member away.
    const metadata = Object.fromEntries(
      Object.entries(merged).filter(([, value]) => value !== null),
    )
    store.metadata.set(userId, metadata)
    return { metadata, status: 'OK' }
  }),
  post('/recipe/user/metadata/remove', ofUser, ({ userId }, { store }) => {
    store.metadata.delete(userId)
    return { status: 'OK' }
  }),
]
