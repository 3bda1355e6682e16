import type { Metadata, Viewport } from 'next'
import Link from 'next/link'
import { connection } from 'next/server'
import type { ReactNode } from 'react'
import { SiteHeader } from '../../nextjs/components/site-header'
import { readClientSettings } from '../../nextjs/lib/settings'
import { UserMenu } from '../../nextjs/vendors'
import { MoveSession } from '../components/move-session'
import { RememberUser } from '../components/remember-user'
import { VendorClients } from '../components/vendor-clients'
import { readInCharge } from '../lib/in-charge'
import { SESSION_EXPIRED_STATUS } from '../lib/session-status'
import '../../nextjs/app/globals.css'
import './migration.css'

export const metadata: Metadata = {
  title: 'authmux: moving from one vendor to the other',
  description: 'A whole move, step by step and back, with nobody logged out.',
}

export const viewport: Viewport = { colorScheme: 'light dark' }

const links = [
  { href: '/', text: 'The move' },
  { href: '/dashboard', text: 'Dashboard' },
] as const

export default async function RootLayout({ children }: { children: ReactNode }) {
  await connection()
  const { auth, isRemembered, vendors } = await readInCharge()
  const settings = {
    ...readClientSettings(),
    sessionExpiredStatusCode: SESSION_EXPIRED_STATUS,
  }
  return (
    <html lang="en">
      <body>
        <VendorClients vendors={vendors} settings={settings}>
          {auth?.isAuthenticated && !isRemembered && <RememberUser />}
          {auth?.isAuthenticated && vendors.length > 1 && <MoveSession provider={auth.provider} />}
          <SiteHeader vendor={vendors.at(-1) ?? ''} links={links}>
            {auth?.isAuthenticated ? (
              <UserMenu />
            ) : (
              <Link className="button" href="/sign-in" prefetch={false}>
                Sign in
              </Link>
            )}
          </SiteHeader>
          <main>{children}</main>
        </VendorClients>
      </body>
    </html>
  )
}
