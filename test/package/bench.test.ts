import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** The part `next` is left out: it builds and loads an app for minutes. */
const parts = ['clerk', 'supertokens', 'edge', 'cold-start', 'size', 'growth', 'migrate']

interface Report {
  readonly machine: Readonly<Record<string, unknown>>
  readonly parts: readonly {
    readonly name: string
    readonly rows: readonly { readonly measure: string; readonly value: number | null }[]
  }[]
}

function bench(...given: readonly string[]) {
  return spawnSync(process.execPath, ['bench/index.mjs', ...given], {
    encoding: 'utf8',
    env: { ...process.env, BENCH_TURNS: '1', BENCH_RUNS: '1', BENCH_SESSIONS: '1500' },
  })
}

/** The part of `bench/report.mjs` that writes the page. */
interface Reporting {
  replaceFigures(
    page: string,
    sections: ReadonlyMap<string, string>,
    titles: readonly string[],
  ): string
}

describe('the page of figures', () => {
  const page = [
    '# Performance\n\n<!-- figures -->',
    '### Size\n\nTaken yesterday\n\n| 19 KB |',
    '### Gone\n\nTaken long ago',
    '<!-- end of figures -->\n\n## What is missed\n',
  ].join('\n\n')
  let replaceFigures: Reporting['replaceFigures']

  beforeAll(async () => {
    const { href } = new URL('../../bench/report.mjs', import.meta.url)
    ;({ replaceFigures } = (await import(href)) as Reporting)
  })

  it('gets the tables of what was run, in their order, and keeps those of the rest', () => {
    const titles = ['Verdicts', 'Size', 'Growth']
    expect(replaceFigures(page, new Map([['Verdicts', 'Taken today']]), titles)).toBe(
      [
        '# Performance\n\n<!-- figures -->',
        '### Verdicts\n\nTaken today',
        '### Size\n\nTaken yesterday\n\n| 19 KB |',
        '<!-- end of figures -->\n\n## What is missed\n',
      ].join('\n\n'),
    )
    expect(replaceFigures(page, new Map([['Size', 'Taken today']]), titles)).not.toContain('19 KB')
  })

  it('is left alone when it has no place for them', () => {
    expect(() => replaceFigures('# Performance\n', new Map(), [])).toThrow('the page has no')
  })
})

/** So few turns say nothing about speed; they say that every verdict was the right one. */
describe('npm run bench', () => {
  let directory: string
  let report: Report
  let output: string

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'authmux-bench-'))
    const file = join(directory, 'figures.json')
    const { status, stdout, stderr } = bench(...parts, '--json', file)
    expect(status, stderr).toBe(0)
    output = stdout
    report = JSON.parse(await readFile(file, 'utf8'))
  })

  afterAll(() => rm(directory, { recursive: true, force: true }))

  it.each(parts)('has a figure for everything %s measures', (name) => {
    const part = report.parts.find((candidate) => candidate.name === name)
    expect(part?.rows.length).toBeGreaterThan(0)
    for (const { measure, value } of part?.rows ?? []) expect(value, measure).toBeTypeOf('number')
  })

  it('says what the figures were taken with, and how busy the machine was', () => {
    expect(report.machine).toMatchObject({
      node: process.version,
      processor: expect.any(String),
      loadAverage: expect.any(Number),
      packages: { next: expect.stringMatching(/^\d/), '@clerk/backend': expect.any(String) },
    })
  })

  it('prints what is promised beside each figure', () => {
    expect(output).toMatch(/first seen, cookie .* ≤ 1\.8/)
  })

  it('knows no other parts', () => {
    const { status, stderr } = bench('nothing')
    expect(status).toBe(1)
    expect(stderr).toContain(parts.join(', '))
  })
})
