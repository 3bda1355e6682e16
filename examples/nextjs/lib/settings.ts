/** What the page itself is told by the environment; read when a request comes, not when the app is built. */

/** What the browser has to know to run the vendor's client. */
export interface ClientSettings {
  readonly vendor: string | undefined
  readonly origin: string
  readonly clerkPublishableKey: string | undefined
  readonly clerkProxyUrl: string | undefined
}

export const origin = process.env.APP_ORIGIN ?? 'http://localhost:3000'

export function readClientSettings(): ClientSettings {
  // Taken out as a whole: Next.js replaces `process.env.NEXT_PUBLIC_…` by what it was at build time.
  const { AUTH_PROVIDER, NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY, NEXT_PUBLIC_CLERK_PROXY_URL } =
    process.env
  return {
    vendor: AUTH_PROVIDER,
    origin,
    clerkPublishableKey: NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY,
    clerkProxyUrl: NEXT_PUBLIC_CLERK_PROXY_URL,
  }
}

/** The stand-in's page for looking into it; `null` against the real vendor. */
export function readInspectorUrl(): string | null {
  return process.env.INSPECTOR_URL ?? null
}
