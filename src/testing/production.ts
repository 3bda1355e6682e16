import { configError } from '../errors.js'

/**
 * Keeps test doubles out of production.
 * @throws {AuthError} `config_invalid` when `NODE_ENV` is `production`.
 */
export function refuseProduction(): void {
  if (globalThis.process?.env?.NODE_ENV !== 'production') return
  const message = 'must not be used in production: its sessions prove nothing'
  throw configError([{ name: 'authmux/testing', message }])
}
