import type { ReactNode } from 'react'
import type { ClientSettings } from '../../nextjs/lib/settings'
import { VendorProvider } from '../../nextjs/vendors'

/** The clients of all vendors that count, around one another. */
export function VendorClients({
  vendors,
  settings,
  children,
}: {
  vendors: readonly string[]
  settings: ClientSettings
  children: ReactNode
}): ReactNode {
  const [vendor, ...others] = vendors
  if (vendor === undefined) return children
  return (
    <VendorProvider settings={{ ...settings, vendor }}>
      <VendorClients vendors={others} settings={settings}>
        {children}
      </VendorClients>
    </VendorProvider>
  )
}
