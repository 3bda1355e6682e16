import Link from 'next/link'
import type { ReactNode } from 'react'
import { vendorNames } from '../lib/vendor-names'

interface PageLink {
  readonly href: string
  readonly text: string
}

const pages: readonly PageLink[] = [
  { href: '/', text: 'Home' },
  { href: '/dashboard', text: 'Dashboard' },
  { href: '/admin', text: 'Admin' },
  { href: '/actions', text: 'Actions' },
  { href: '/ssr', text: 'Pages Router' },
]

interface SiteHeaderProps {
  /** Key of the vendor in use; nothing is said of it without one. */
  readonly vendor?: string
  /** Default: the pages of this app. */
  readonly links?: readonly PageLink[]
  readonly children?: ReactNode
}

/** The head of every page, in both routers; `children` is the menu of the person. */
export function SiteHeader({ vendor, links = pages, children }: SiteHeaderProps) {
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
