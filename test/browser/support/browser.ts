/**
 * A real browser for tests. Nothing it asks for leaves the machine, every request is on record, and
 * a screenshot is taken of what failed.
 */

import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest'

/** A person with a browser of their own: their cookies are nobody else's. */
export interface Visitor {
  readonly context: BrowserContext
  /** The first tab. */
  readonly page: Page
  /** Another tab, with the same cookies. */
  newTab(): Promise<Page>
  /** Everything any tab has asked for, oldest first. */
  readonly requests: readonly VisitorRequest[]
  /** What pages have reported as errors, oldest first. */
  readonly errors: readonly string[]
}

/** A request that has left the browser. */
export interface VisitorRequest {
  readonly method: string
  readonly url: URL
}

/** How long a page may take to show what it is waited for. */
export const TIMEOUT_MS = 60_000

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

const screenshots = fileURLToPath(new URL('../../../test-results/', import.meta.url))

/** Names resolve to nothing, except those of this machine: there is no network to rely on. */
const RESOLVER = ['MAP * ~NOTFOUND', ...LOOPBACK.map((host) => `EXCLUDE ${host}`)].join(', ')

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  `--host-resolver-rules=${RESOLVER}`,
]

/** Whether the tests of a file can run here; why not has been printed. */
export const hasChromium: boolean = inject('chromium') !== null

/** One for all tests of a file: contexts keep visitors apart. */
let browser: Promise<Browser> | undefined

afterAll(async () => (await browser)?.close())

/**
 * Starts Chromium for the tests of a file, and ends it after them.
 * After each test: fails it when anything was asked of another machine.
 * @returns how a test gets a visitor.
 */
export function useChromium(): () => Promise<Visitor> {
  const visitors: Visitor[] = []

  beforeAll(async () => {
    const executablePath = inject('chromium')
    if (executablePath) browser ??= chromium.launch({ executablePath, args: FLAGS })
    await browser
  })
  afterEach(async ({ task }) => {
    const guests = visitors.splice(0)
    if (task.result?.state === 'fail') await takeScreenshots(task.name, guests)
    await Promise.all(guests.map(({ context }) => context.close()))
    expect(guests.flatMap(({ requests }) => requests).filter(leavesMachine)).toEqual([])
  })

  return async () => {
    if (!browser) throw new TypeError('Visitors come with tests, while Chromium is running')
    const visitor = await createVisitor(await browser)
    visitors.push(visitor)
    return visitor
  }
}

async function createVisitor(browser: Browser): Promise<Visitor> {
  const context = await browser.newContext({ viewport: { width: 1000, height: 900 } })
  context.setDefaultTimeout(TIMEOUT_MS)
  const requests: VisitorRequest[] = []
  const errors: string[] = []
  context.on('request', (request) => {
    requests.push({ method: request.method(), url: new URL(request.url()) })
  })
  context.on('weberror', (error) => errors.push(String(error.error())))
  context.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  const page = await context.newPage()
  return { context, page, newTab: () => context.newPage(), requests, errors }
}

function leavesMachine({ url }: VisitorRequest): boolean {
  return /^(?:https?|wss?):$/.test(url.protocol) && !LOOPBACK.includes(url.hostname)
}

async function takeScreenshots(test: string, visitors: readonly Visitor[]): Promise<void> {
  await mkdir(screenshots, { recursive: true })
  const name = test.replace(/[^\w]+/g, '-').slice(0, 80)
  const pages = visitors.flatMap(({ context }) => context.pages())
  for (const [index, page] of pages.entries()) {
    const path = `${screenshots}${name}-${index + 1}.png`
    await page.screenshot({ path, fullPage: true })
    console.warn(`screenshot of a failed test: ${path}`)
  }
  const errors = visitors.flatMap((visitor) => visitor.errors)
  if (errors.length > 0) console.warn(`errors of the pages:\n${errors.join('\n')}`)
}
