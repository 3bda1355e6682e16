'use client'

import { useEffect } from 'react'
import { remember } from '../lib/remember'

/** Has the browser remember who is here. */
export function RememberUser() {
  useEffect(() => void remember(), [])
  return null
}
