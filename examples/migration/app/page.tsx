import { RoutePanel } from '../../nextjs/components/route-panel'
import { SessionCard } from '../../nextjs/components/session-card'
import { vendorNames } from '../../nextjs/lib/vendor-names'
import { Accounts } from '../components/accounts'
import { PlanPanel } from '../components/plan-panel'
import { getAuth } from '../lib/auth'
import { readCounts } from '../lib/counts'
import { from, to } from '../lib/move'

export default async function Home() {
  const [auth, counts] = await Promise.all([getAuth(), readCounts()])
  return (
    <>
      <div className="intro">
        <h1>
          From {vendorNames[from]} to {vendorNames[to]}
        </h1>
        <p>
          Sign in, then go a step forward, and back: you stay signed in, and your user id stays the
          same. Sessions move when a page is opened.
        </p>
      </div>
      <PlanPanel initial={counts} />
      <div className="pair">
        <SessionCard auth={auth} />
        <Accounts />
      </div>
      <RoutePanel inspectorUrl={null} routes={routes} />
    </>
  )
}

const routes = [
  { method: 'GET', path: '/api/me', router: 'App', asksFor: 'a session' },
  { method: 'GET', path: '/api/pages/me', router: 'Pages', asksFor: 'a session' },
] as const
