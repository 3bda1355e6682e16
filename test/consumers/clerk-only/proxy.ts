import { clerkMiddleware } from '@clerk/nextjs/server'
import { authProxy } from './lib/auth'

const clerk = clerkMiddleware(() => undefined, { jwtKey: process.env.CLERK_JWT_KEY })

export default authProxy({ publicPaths: ['/'] }, clerk)

export const config = { matcher: ['/((?!_next/|favicon.ico).*)'] }
