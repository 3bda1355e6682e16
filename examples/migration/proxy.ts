import { authProxy } from './lib/auth'

export default authProxy({ publicPaths: ['/', '/sign-in/*'] })

export const config = { matcher: ['/((?!_next/|favicon.ico).*)'] }
