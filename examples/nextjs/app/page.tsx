import { Guide } from '../components/guide'
import { RoutePanel } from '../components/route-panel'
import { routes } from '../components/routes'
import { SessionCard } from '../components/session-card'
import { getAuth } from '../lib/auth'
import { readInspectorUrl } from '../lib/settings'

export default async function Home() {
  const auth = await getAuth()
  const inspectorUrl = readInspectorUrl()
  return (
    <>
      <div className="intro">
        <h1>One guard, whichever vendor</h1>
        <p>
          Every route of this app is guarded by the same lines of code. Only the sign-in form and
          the menu belong to the vendor.
        </p>
      </div>
      <div className="pair">
        <SessionCard auth={auth} />
        <Guide inspectorUrl={inspectorUrl} />
      </div>
      <RoutePanel inspectorUrl={inspectorUrl} routes={routes} />
    </>
  )
}
