import { createNextAuth } from 'authmux/next'
import { clerk } from 'authmux/providers/clerk'

export const { getAuth, requireAuth, protect, authHandlers, authProxy } = createNextAuth({
  origins: [process.env.APP_ORIGIN ?? 'http://localhost:3000'],
  signInPath: '/sign-in',
  providers: { clerk: () => clerk() },
})
