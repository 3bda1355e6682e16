import type { ClerkProvider } from '@clerk/nextjs'
import type { ComponentProps } from 'react'

/** Clerk's components in the colours of this app, light and dark. */
export const appearance: ComponentProps<typeof ClerkProvider>['appearance'] = {
  variables: {
    colorPrimary: 'var(--brand)',
    colorPrimaryForeground: 'var(--on-brand)',
    colorBackground: 'var(--surface)',
    colorForeground: 'var(--text)',
    colorMutedForeground: 'var(--text-quiet)',
    colorMuted: 'var(--sunken)',
    colorNeutral: 'var(--text)',
    colorInput: 'var(--field)',
    colorInputForeground: 'var(--text)',
    colorBorder: 'var(--text)',
    colorDanger: 'var(--bad)',
    colorSuccess: 'var(--good)',
    fontFamily: 'inherit',
    borderRadius: '0.5rem',
  },
}
