'use client'

import { useEffect, useRef, useState } from 'react'
import { RouteAnswer } from './route-answer'
import { call, type RouteResult } from './route-result'
import type { DemoRoute } from './routes'

interface RoutePanelProps {
  readonly inspectorUrl: string | null
  readonly routes: readonly DemoRoute[]
}

/** Buttons that call the routes of this app, and what they answer. */
export function RoutePanel({ inspectorUrl, routes }: RoutePanelProps) {
  const [result, setResult] = useState<RouteResult | null>(null)
  const [failure, setFailure] = useState('')
  const answers = useRef<HTMLDivElement>(null)

  // On a phone the answer is below the buttons.
  useEffect(() => {
    if (result) answers.current?.scrollIntoView({ block: 'nearest' })
  }, [result])

  async function run(route: DemoRoute): Promise<void> {
    setFailure('')
    try {
      setResult(await call(route))
    } catch {
      setResult(null)
      setFailure(`${route.path} could not be reached. Is the server still running?`)
    }
  }

  return (
    <section className="card" aria-labelledby="routes-title">
      <h2 id="routes-title">Try the routes</h2>
      <div className="panel">
        <ul className="routes">
          {routes.map((route) => (
            <li key={route.path}>
              <button type="button" className="route" onClick={() => void run(route)}>
                <span className="path">
                  <b>{route.method}</b> {route.path}
                </span>
                <small>
                  {route.router} Router, asks for {route.asksFor}
                </small>
              </button>
            </li>
          ))}
        </ul>
        <div aria-live="polite" ref={answers} className="answers">
          {result && <RouteAnswer key={result.at} result={result} inspectorUrl={inspectorUrl} />}
          {failure && <p className="outcome bad">{failure}</p>}
          {!result && !failure && (
            <p className="hint">Choose a route: its status, headers and body appear here.</p>
          )}
        </div>
      </div>
    </section>
  )
}
