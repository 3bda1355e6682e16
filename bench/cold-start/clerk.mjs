import { createAuth } from 'authmux'
import { clerk } from 'authmux/providers/clerk'

const { getAuth } = createAuth({
  origins: [process.env.ORIGIN],
  providers: { clerk: () => clerk() },
})
const headers = { cookie: process.env.COOKIE }
const { isAuthenticated, reason } = await getAuth({ method: 'GET', url: '/', headers })
if (!isAuthenticated) throw new TypeError(`verdict: ${reason}`)
