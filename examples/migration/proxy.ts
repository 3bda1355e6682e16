import { authProxy } from './lib/auth'

export default authProxy({ publicPaths: ['/'] })

export const config = { matcher: ['/((?!_next/|favicon.ico).*)'] }
