/** What is kept in a file, when, and what is never overwritten. */

import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { openStateFile } from '../../src/state/state-file.js'
import { type Subject, vendors } from '../both/vendors.js'
import { useFolder } from './folder.js'

const file = useFolder()

describe.each(vendors)('$vendor', ({ vendor, create }) => {
  /** A stand-in that goes on where the file stops. */
  async function open(path: string) {
    const state = await openStateFile(path)
    const snapshot = state.snapshotOf(vendor)
    const subject = await create(snapshot && { snapshot })
    const problems: string[] = []
    const keeper = state.keep([subject.standIn], ({ message }) => problems.push(message))
    return { subject, keeper, problems }
  }

  async function fill({ signUp, signIn, standIn }: Subject): Promise<string> {
    const userId = await signUp('ada@example.com')
    standIn.admin.giveRole(userId, 'admin')
    return signIn(userId)
  }

  it('is the same after a restart', async () => {
    const path = file('state.json')
    const first = await open(path)
    const sessionId = await fill(first.subject)
    await first.keeper.save()
    const second = await open(path)
    expect(second.subject.standIn.admin.users()).toEqual(first.subject.standIn.admin.users())
    expect(await second.subject.isActive(sessionId)).toBe(true)
    expect(await second.subject.keyIds()).toEqual(await first.subject.keyIds())
  })

  it('is saved a moment after a call, without being told', async () => {
    const path = file('state.json')
    const { subject } = await open(path)
    await fill(subject)
    await vi.waitFor(
      async () => expect(await readFile(path, 'utf8')).toContain('ada@example.com'),
      {
        timeout: 10_000,
      },
    )
  })

  it('is for its owner only, and leaves nothing else behind', async () => {
    const path = file('state.json')
    const { keeper } = await open(path)
    await keeper.save()
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readdir(dirname(path))).toEqual(['state.json'])
  })

  it('keeps what the file has of other stand-ins', async () => {
    const path = file('state.json')
    for (const other of vendors) {
      const state = await openStateFile(path)
      const subject = await other.create()
      await subject.signUp(`${other.vendor}@example.com`)
      await state.keep([subject.standIn], () => undefined).save()
    }
    const text = await readFile(path, 'utf8')
    for (const other of vendors) expect(text).toContain(`${other.vendor}@example.com`)
  })

  it('does not overwrite what somebody else has written in the meantime, and says so once', async () => {
    const path = file('state.json')
    const { subject, keeper, problems } = await open(path)
    await keeper.save()
    await writeFile(path, 'mine')
    await subject.ping()
    await vi.waitFor(() => expect(problems).toHaveLength(1), { timeout: 10_000 })
    await subject.ping()
    await expect(keeper.save()).rejects.toThrow(
      'was changed by somebody else, and is left as it is',
    )
    expect(await readFile(path, 'utf8')).toBe('mine')
    expect(problems).toHaveLength(1)
  })
})

describe('a file', () => {
  const state = (version: unknown, standIns: unknown) =>
    JSON.stringify({ format: 'authmux-emulator state', version, standIns })

  it.each([
    { says: 'nothing', text: '', message: 'is no state file, and is left as it is' },
    { says: 'no JSON', text: '{"format": ', message: 'is no state file' },
    { says: 'other JSON', text: '{"name": "app"}', message: 'is no state file' },
    { says: 'a list', text: '[]', message: 'is no state file' },
    { says: 'an unknown vendor', text: state(1, { okta: {} }), message: 'is no state file' },
    { says: 'no stand-ins', text: state(1, undefined), message: 'is no state file' },
    { says: 'a later version', text: state(2, {}), message: 'is of version 2, and this release' },
  ])('with $says is refused and left alone', async ({ text, message }) => {
    const path = file('state.json')
    await writeFile(path, text)
    await expect(openStateFile(path)).rejects.toThrow(message)
    expect(await readFile(path, 'utf8')).toBe(text)
  })

  it('that is a folder is refused', async () => {
    await mkdir(file('state.json'))
    await expect(openStateFile(file('state.json'))).rejects.toThrow('cannot be read')
  })

  it('that cannot be written says so', async () => {
    const path = file('no/such/folder/state.json')
    const state = await openStateFile(path)
    const [first] = vendors
    if (!first) throw new TypeError('there are no vendors')
    const subject = await first.create()
    await expect(state.keep([subject.standIn], () => undefined).save()).rejects.toThrow(
      'cannot be written',
    )
  })
})
