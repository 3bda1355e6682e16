import { isAuthError } from 'authmux'
import { checkAuthConfig } from './lib/auth'

export async function register() {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  try {
    await checkAuthConfig()
  } catch (error) {
    // A vendor that is away comes back by itself; what is wrong with the configuration does not.
    if (!isAuthError(error) || error.code !== 'provider_unavailable') throw error
    console.error(error)
  }
}
