import { authProxy } from './lib/auth'

export default authProxy({ publicPaths: ['/', '/ssr', '/actions', '/api/*'] })

export const config = { matcher: ['/((?!_next/|favicon.ico).*)'] }
