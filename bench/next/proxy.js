import { clerkMiddleware } from '@clerk/nextjs/server'

// Only what @clerk/nextjs guards, so that nobody else pays for it.
export default clerkMiddleware({ jwtKey: process.env.CLERK_JWT_KEY })

export const config = { matcher: ['/api/clerk', '/api/pages/clerk'] }
