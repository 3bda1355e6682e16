import { authProxy } from './lib/auth'

export default authProxy({ publicPaths: ['/', '/ssr', '/actions'] })

export const config = { matcher: ['/((?!_next/|favicon.ico).*)'] }
