'use client'

import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { useControls } from '../vendors/controls'

/**
 * Renders the page again with a new token. Pages that need a session are healed before they are
 * rendered; on one that everybody may see, the browser does it.
 */
export function AutoRefresh() {
  const controls = useControls()
  const router = useRouter()
  useEffect(() => {
    controls?.refresh().then(router.refresh, () => undefined)
  }, [controls, router])
  return null
}
