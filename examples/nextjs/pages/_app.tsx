import type { AppProps } from 'next/app'
import { SiteHeader } from '../components/site-header'
import '../app/globals.css'

export default function PagesApp({ Component, pageProps }: AppProps) {
  return (
    <>
      <SiteHeader />
      <main>
        <Component {...pageProps} />
      </main>
    </>
  )
}
