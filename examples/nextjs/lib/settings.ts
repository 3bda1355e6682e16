/** What the page itself is told by the environment; read when a request comes, not when the app is built. */

/** What the browser has to know to run the vendor's client. */
export interface ClientSettings {
  readonly vendor: string | undefined
  readonly origin: string
  /** Status of a session of SuperTokens that has run out; default 401. */
  readonly sessionExpiredStatusCode?: number
  readonly clerk: {
    readonly publishableKey?: string
    readonly proxyUrl?: string
    /** Where to load Clerk's scripts from, if not from the instance itself. */
    readonly __internal_clerkJSUrl?: string
    readonly __internal_clerkUIUrl?: string
  }
}

/** Where the app is reached. */
export const origin: string = process.env.APP_ORIGIN ?? 'http://localhost:3000'

export function readClientSettings(): ClientSettings {
  // Taken out as a whole: Next.js replaces `process.env.NEXT_PUBLIC_…` by what it was at build time.
  const {
    AUTH_PROVIDER: vendor,
    NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: publishableKey,
    NEXT_PUBLIC_CLERK_PROXY_URL: proxyUrl,
    NEXT_PUBLIC_CLERK_JS_URL: scriptUrl,
    NEXT_PUBLIC_CLERK_UI_URL: componentsUrl,
  } = process.env
  return {
    vendor,
    origin,
    clerk: {
      ...(publishableKey && { publishableKey }),
      ...(proxyUrl && { proxyUrl }),
      ...(scriptUrl && { __internal_clerkJSUrl: scriptUrl }),
      ...(componentsUrl && { __internal_clerkUIUrl: componentsUrl }),
    },
  }
}

/** The stand-in's page for looking into it; `null` against the real vendor. */
export function readInspectorUrl(): string | null {
  return process.env.INSPECTOR_URL ?? null
}
