import type { Metadata, Viewport } from 'next'
import Link from 'next/link'
import { connection } from 'next/server'
import type { ReactNode } from 'react'
import { SiteHeader } from '../components/site-header'
import { getAuth } from '../lib/auth'
import { readClientSettings } from '../lib/settings'
import { UserMenu, VendorProvider } from '../vendors'
import './globals.css'

export const metadata: Metadata = {
  title: 'authmux example',
  description: 'One app, guarded the same way whichever vendor people sign in with.',
}

export const viewport: Viewport = { colorScheme: 'light dark' }

export default async function RootLayout({ children }: { children: ReactNode }) {
  // Which vendor it is, is known when a request comes, and not when the app is built.
  await connection()
  const settings = readClientSettings()
  return (
    <html lang="en">
      <body>
        <VendorProvider settings={settings}>
          <SiteHeader {...(settings.vendor && { vendor: settings.vendor })}>
            <PersonMenu />
          </SiteHeader>
          <main>{children}</main>
        </VendorProvider>
      </body>
    </html>
  )
}

async function PersonMenu() {
  // What is wrong, if anything, is for the page to say.
  const auth = await getAuth().catch(() => null)
  if (auth?.isAuthenticated) return <UserMenu />
  return (
    <Link className="button" href="/sign-in" prefetch={false}>
      Sign in
    </Link>
  )
}
