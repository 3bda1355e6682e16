/** SUPPORTED.md says what the tables of endpoints say; `npm run supported` writes it anew. */

import { expect, it } from 'vitest'
import { backendEndpoints } from '../../src/clerk/backend/endpoints.js'
import { frontendEndpoints } from '../../src/clerk/frontend/endpoints.js'
import { endpoints as coreEndpoints } from '../../src/supertokens/endpoints.js'
import { listBackendCalls } from './backend-calls.js'
import { coreOnly, listSdkCalls } from './core-calls.js'
import { frontendPaths } from './frontend-paths.js'
import { keyOf, toTable } from './rows.js'

it('finds the calls of both SDKs', async () => {
  const { rows, silent } = await listBackendCalls()
  expect(silent).toEqual([])
  expect(rows.map(keyOf)).toEqual(
    expect.arrayContaining(['GET /v1/users/:', 'POST /v1/users', 'PATCH /v1/organizations/:']),
  )
  expect(listSdkCalls().map(keyOf)).toEqual(
    expect.arrayContaining(['POST /recipe/signup', 'PUT /recipe/user/role', 'GET /user/id']),
  )
})

it('lists by hand only what the SDK of a core does not show', () => {
  const shown = new Set(listSdkCalls().map(keyOf))
  expect(coreOnly.map(keyOf).filter((key) => shown.has(key))).toEqual([])
})

it('SUPPORTED.md is up to date', async () => {
  const { rows: backendCalls } = await listBackendCalls()
  const text = `# What is supported

Written by \`npm run supported\` from the tables of endpoints; do not edit. An endpoint that is not
supported answers 404, and leaves a line in the log that names it. A supported one may lack some of
its parameters.

A SuperTokens core without a licence refuses some of what is listed here as supported with 402, and so
does the stand-in.

${toTable('SuperTokens core, interface 5.4', coreEndpoints, [...listSdkCalls(), ...coreOnly])}
${toTable("Clerk, Backend API, by Clerk's own SDK", backendEndpoints, backendCalls)}
${toTable('Clerk, Frontend API, by ClerkJS 6', frontendEndpoints, frontendPaths)}`
  await expect(text).toMatchFileSnapshot('../../SUPPORTED.md')
})
