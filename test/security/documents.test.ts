import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const page = readFileSync(`${root}docs/security.md`, 'utf8')
const cited = [...new Set(page.match(/\btest\/[\w/.-]+\.ts\b/g))]

describe('docs/security.md', () => {
  it('cites tests', () => {
    expect(cited.length).toBeGreaterThan(30)
  })

  it.each(cited)('cites %s, which exists', (path) => {
    expect(existsSync(root + path)).toBe(true)
  })

  it('has a row of figures for every promise, or the place for them', () => {
    expect(page).toContain('<!-- figures: ')
    expect(page).toContain('<!-- end of figures -->')
  })
})
