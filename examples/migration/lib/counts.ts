/** What the move looks like right now, for the page that shows it. */

import { type Coverage, readCoverage } from 'authmux/migrate'
import { plan, providers } from './auth'
import { from, type MoveState, move, to, type VendorName } from './move'

/** Users and living sessions of a vendor. */
export interface VendorCounts {
  readonly name: VendorName
  readonly users: number
  readonly sessions: number
  /** Page of the stand-in that shows them. */
  readonly inspectorUrl: string
}

export interface MoveCounts extends MoveState {
  readonly vendors: readonly VendorCounts[]
  /** The vendors that count now, the primary one first. */
  readonly accepted: readonly string[]
  readonly coverage: Coverage
}

interface Summary {
  readonly id: string
  readonly status?: string
}

/** The stand-ins tell what they hold; at the vendors, it is in their dashboards. */
async function read(vendor: VendorName, view: 'users' | 'sessions'): Promise<readonly Summary[]> {
  const response = await fetch(`${inspectorOf(vendor)}api/${view}`, { cache: 'no-store' })
  return response.json()
}

function inspectorOf(vendor: VendorName): string {
  return process.env[`${vendor.toUpperCase()}_INSPECTOR_URL`] ?? ''
}

async function count(name: VendorName): Promise<VendorCounts> {
  const [users, sessions] = await Promise.all([read(name, 'users'), read(name, 'sessions')])
  const living = sessions.filter(({ status }) => status === 'active')
  const inspectorUrl = inspectorOf(name)
  return { name, users: users.length, sessions: living.length, inspectorUrl }
}

/** Who of the old vendor's users the new one does not have. */
async function readMoved(): Promise<Coverage> {
  const users = await read(from, 'users')
  const target = { name: to, provider: providers[to]() }
  return readCoverage(
    users.map(({ id }) => id),
    (userId) => plan.subjectOf(target, userId),
  )
}

export async function readCounts(): Promise<MoveCounts> {
  const [old, next, coverage] = await Promise.all([count(from), count(to), readMoved()])
  return { ...move, vendors: [old, next], accepted: plan.accepted(Date.now()), coverage }
}
