import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findPackage } from '../../src/clerk/installed-package.js'
import { type Served, serve } from './support.js'

let served: Served

beforeAll(async () => {
  served = await serve()
})
afterAll(() => served.close())

const ask = (path: string): Promise<Response> =>
  fetch(`${served.url}/npm/${path}`, { headers: { origin: 'http://localhost:3000' } })

async function refusalOf(path: string): Promise<string> {
  const answer = await ask(path)
  expect(answer.status).toBe(404)
  return (await answer.json()).errors[0].message
}

describe('ClerkJS and its components', () => {
  it.each([
    ['@clerk/clerk-js@6/dist/clerk.browser.js', 100_000],
    ['@clerk/ui@1/dist/ui.browser.js', 100_000],
    ['@clerk/clerk-js@latest/dist/clerk.browser.js', 100_000],
    ['@clerk/ui@1/dist/internal/index.js', 100],
  ])('come from the installed packages: %s', async (path, bytes) => {
    const answer = await ask(path)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toMatch(/^text\/javascript/)
    expect(answer.headers.get('access-control-allow-origin')).toBe('http://localhost:3000')
    expect(answer.headers.get('cache-control')).toBe('no-cache')
    expect((await answer.text()).length).toBeGreaterThan(bytes)
  })

  it('are kept for good by browsers that ask for one version', async () => {
    const message = await refusalOf('@clerk/ui@1/dist/none.js')
    const [, version] = /^@clerk\/ui (\S+) has no file/.exec(message) ?? []
    const answer = await ask(`@clerk/ui@${version}/dist/ui.browser.js`)
    expect(answer.headers.get('cache-control')).toContain('immutable')
    await answer.arrayBuffer()
  })

  it('are refused in another version, naming what to install', async () => {
    const message = await refusalOf('@clerk/ui@99/dist/ui.browser.js')
    expect(message).toMatch(
      /installed as 1\.[\d.]+, not as 99: npm install --save-dev @clerk\/ui@99/,
    )
    expect(await refusalOf('@clerk/ui@1.3/dist/ui.browser.js')).toContain('not as 1.3')
  })

  it.each([
    '@clerk/clerk-js@6/package.json',
    '@clerk/clerk-js@6/dist/types/index.d.ts',
    '@clerk/clerk-js@6/dist/%2e%2e/package.json',
    '@clerk/clerk-js@6/dist/..%2fpackage.json',
    '@clerk/clerk-js@6/dist/..%5cpackage.json',
    '@clerk/clerk-js@6/dist/.hidden.js',
    '@clerk/clerk-js@6/dist//clerk.browser.js',
    '@clerk/backend@3/dist/index.js',
    '@clerk/clerk-js/dist/clerk.browser.js',
    'react@19/index.js',
  ])('are all there is: %s is not found', async (path) => {
    expect(await refusalOf(path)).not.toContain(process.cwd())
  })

  it('are looked for where the process runs as well, and may be missing', async () => {
    const elsewhere = join(tmpdir(), 'package.json')
    expect(await findPackage('@clerk/ui', [elsewhere])).toBeNull()
    const here = join(process.cwd(), 'package.json')
    const found = await findPackage('@clerk/ui', [elsewhere, here])
    expect(found?.version).toMatch(/^1\./)
  })
})
