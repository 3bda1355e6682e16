/** The core itself: that it is there, what it speaks, what it is licensed for. */

import { z } from 'zod'
import { text } from '../answer.js'
import { anyTenant, type CoreEndpoint, get, nothing } from '../endpoint.js'

/** The one version of the interface that is emulated. */
export const CDI_VERSION = '5.4'

const open = { ...anyTenant, isOpen: true }
const hello = () => text(200, 'Hello')

export const serviceEndpoints: readonly CoreEndpoint[] = [
  get('/', nothing, hello, open),
  get('/hello', nothing, hello, open),
  get('/apiversion', nothing, () => ({ versions: [CDI_VERSION] })),
  get('/config', z.object({ pid: z.string() }), () => ({ status: 'NOT_ALLOWED' }), {
    isOpen: true,
  }),
  get('/telemetry', nothing, () => ({ exists: false })),
  get('/ee/featureflag', nothing, () => ({ features: [], usageStats: {}, status: 'OK' })),
  get('/ee/license', nothing, () => ({ status: 'NO_LICENSE_KEY_FOUND_ERROR' })),
]
