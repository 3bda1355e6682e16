/** Reads a request path: `[/appid-<app>][/<tenant>]/<path>`, in any case, with one trailing slash. */

/** A path, taken apart. */
export interface Route {
  readonly appId: string
  readonly tenantId: string
  /** Path as the table of endpoints spells it. */
  readonly path: string
}

/** The app and the tenant every core has, and the only ones it has without a licence. */
export const PUBLIC = 'public'

/** First segments of paths that are never taken for a tenant. */
const reserved: ReadonlySet<string> = new Set(['recipe', 'config', 'users', 'hello'])

/** The route of a path, or `null` where no reading of it is known. */
export function toRoute(pathname: string, isKnown: (path: string) => boolean): Route | null {
  const whole = pathname.toLowerCase().replace(/(?<=.)\/$/, '')
  if (isKnown(whole)) return { appId: PUBLIC, tenantId: PUBLIC, path: whole }

  const [, app, afterApp] = /^\/appid-([a-z0-9-]*)(\/.*)?$/.exec(whole) ?? [null, PUBLIC, whole]
  const appId = app || PUBLIC
  const path = afterApp ?? '/'
  if (isKnown(path)) return { appId, tenantId: PUBLIC, path }

  const [, tenantId, afterTenant] = /^\/([a-z0-9-]+)(\/.*)?$/.exec(path) ?? []
  if (tenantId === undefined || reserved.has(tenantId)) return null
  if (afterTenant === undefined) return tenantId === PUBLIC ? { appId, tenantId, path: '/' } : null
  return isKnown(afterTenant) ? { appId, tenantId, path: afterTenant } : null
}
