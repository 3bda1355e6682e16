'use client'

import { useEffect, useState } from 'react'
import { vendorNames } from '../../nextjs/lib/vendor-names'
import type { Change } from '../lib/change'
import type { MoveCounts } from '../lib/counts'
import { steps } from '../lib/steps'
import { Choice } from './choice'
import { CountTable } from './count-table'

const POLL_MS = 2000

async function ask(change?: Change): Promise<MoveCounts> {
  const response = await fetch('/api/move', {
    cache: 'no-store',
    ...(change && { method: 'POST', body: JSON.stringify(change) }),
  })
  if (!response.ok) throw new TypeError(`The server answered ${response.status}`)
  return response.json()
}

/** The state of the plan, what can be changed about it, and what is going on. */
export function PlanPanel({ initial }: { initial: MoveCounts }) {
  const [counts, setCounts] = useState(initial)
  // Nothing can be pressed before the script of the page is there to notice.
  const [isBusy, setIsBusy] = useState(true)

  useEffect(() => {
    setIsBusy(false)
    const timer = setInterval(() => ask().then(setCounts, () => undefined), POLL_MS)
    return () => clearInterval(timer)
  }, [])

  /** The page is opened anew: forms and clients follow the plan. */
  async function change(wanted: Change): Promise<void> {
    setIsBusy(true)
    try {
      await ask(wanted)
      window.location.reload()
    } catch {
      setIsBusy(false)
    }
  }

  const { step, refused, cohort, oldEndsAt, accepted } = counts
  const place = steps.indexOf(step)
  const names = accepted.map((name) => vendorNames[name] ?? name)
  return (
    <section className="card" aria-labelledby="plan-title">
      <h2 id="plan-title">The plan</h2>
      <ol className="steps" id="steps">
        {steps.map((name) => (
          <li key={name} aria-current={name === step ? 'step' : undefined}>
            {name}
          </li>
        ))}
      </ol>
      <div className="actions">
        <button
          type="button"
          className="quiet"
          disabled={isBusy || place === 0}
          onClick={() => void change({ step: 'back' })}
        >
          A step back
        </button>
        <button
          type="button"
          className="button"
          disabled={isBusy || place === steps.length - 1}
          onClick={() => void change({ step: 'forward' })}
        >
          A step forward
        </button>
      </div>
      <p id="accepted">
        {names.length === 0 ? 'No vendor counts: everybody is signed out.' : null}
        {names.length === 1 ? `Only ${names[0]} counts.` : null}
        {names.length === 2 ? `${names[0]} counts first, then ${names[1]}.` : null}
      </p>
      <div className="pair">
        <CountTable counts={counts} />
        <div className="switches">
          <Choice
            label="Cohort: who belongs to the new vendor already"
            value={cohort}
            options={{ nobody: 'Nobody', half: 'Half', everybody: 'Everybody' }}
            isBusy={isBusy}
            choose={(value) => change({ cohort: value })}
          />
          <Choice
            label="Kill switch: whose sessions count for nothing"
            value={refused ?? 'neither'}
            options={{ neither: 'Off', old: 'The old one’s', new: 'The new one’s' }}
            isBusy={isBusy}
            choose={(value) => change({ refused: value === 'neither' ? null : value })}
          />
          <Choice<keyof typeof SECONDS_UNTIL>
            label={`End of the old vendor: ${oldEndsAt ?? 'never'}`}
            value={oldEndsAt === null ? 'never' : null}
            options={{ never: 'Never', soon: 'In a minute', now: 'Now' }}
            isBusy={isBusy}
            choose={(value) => change({ oldEndsInSeconds: SECONDS_UNTIL[value] })}
          />
        </div>
      </div>
    </section>
  )
}

const SECONDS_UNTIL = { never: null, soon: 60, now: 0 } as const
