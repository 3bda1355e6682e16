'use client'

import dynamic from 'next/dynamic'
import { createContext, type ReactNode, useContext } from 'react'
import type { ClientSettings } from '../lib/settings'

/** The vendors' clients, each loaded only where it is used. Keep the rows whose packages you have. */
const vendors = {
  clerk: {
    Provider: dynamic(async () => (await import('./clerk')).Provider),
    SignIn: dynamic(async () => (await import('./clerk')).SignIn),
    UserMenu: dynamic(async () => (await import('./clerk')).UserMenu),
  },
  supertokens: {
    Provider: dynamic(async () => (await import('./supertokens')).Provider),
    SignIn: dynamic(async () => (await import('./supertokens')).SignIn),
    UserMenu: dynamic(async () => (await import('./supertokens')).UserMenu),
  },
}

type VendorName = keyof typeof vendors

const VendorContext = createContext<VendorName | null>(null)

function isVendor(name: string | undefined): name is VendorName {
  return name !== undefined && Object.hasOwn(vendors, name)
}

/** The client of the vendor in use, around everything that needs it. */
export function VendorProvider({
  settings,
  children,
}: {
  settings: ClientSettings
  children: ReactNode
}) {
  const { vendor } = settings
  if (!isVendor(vendor)) return children
  const { Provider } = vendors[vendor]
  return (
    <VendorContext value={vendor}>
      <Provider settings={settings}>{children}</Provider>
    </VendorContext>
  )
}

/** The vendor's own sign-in, sign-up included. */
export function SignIn({ returnTo }: { returnTo: string }) {
  const vendor = useContext(VendorContext)
  if (vendor === null) return null
  const Form = vendors[vendor].SignIn
  return <Form returnTo={returnTo} />
}

/** The vendor's menu of the person who is signed in. */
export function UserMenu() {
  const vendor = useContext(VendorContext)
  if (vendor === null) return null
  const Menu = vendors[vendor].UserMenu
  return <Menu />
}
