import Link from 'next/link'
import type { ReactNode } from 'react'

const links = [
  { href: '/', text: 'Home' },
  { href: '/dashboard', text: 'Dashboard' },
  { href: '/admin', text: 'Admin' },
  { href: '/actions', text: 'Actions' },
  { href: '/ssr', text: 'Pages Router' },
] as const

const vendorNames: Readonly<Record<string, string>> = {
  clerk: 'Clerk',
  supertokens: 'SuperTokens',
}

/** The head of every page, in both routers; `children` is the menu of the person. */
export function SiteHeader({ vendor, children }: { vendor?: string; children?: ReactNode }) {
  return (
    <header className="site-header">
      <div className="brand">
        <Link href="/">authmux</Link>
        {vendor && <span className="badge">on {vendorNames[vendor] ?? vendor}</span>}
      </div>
      <div className="menu">{children}</div>
      <nav aria-label="Pages">
        {links.map(({ href, text }) => (
          <Link key={href} href={href} prefetch={false}>
            {text}
          </Link>
        ))}
      </nav>
    </header>
  )
}
