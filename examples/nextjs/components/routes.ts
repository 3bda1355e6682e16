/** The routes a person can try, and what each of them asks for. */
export interface DemoRoute {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly router: 'App' | 'Pages'
  readonly asksFor: string
}

export const routes: readonly DemoRoute[] = [
  { method: 'GET', path: '/api/me', router: 'App', asksFor: 'a session' },
  { method: 'GET', path: '/api/pages/me', router: 'Pages', asksFor: 'a session' },
  { method: 'GET', path: '/api/maybe', router: 'App', asksFor: 'nothing' },
  { method: 'GET', path: '/api/profile', router: 'App', asksFor: 'a session; asks the vendor' },
  { method: 'GET', path: '/api/admin', router: 'App', asksFor: 'the role admin' },
  { method: 'GET', path: '/api/pages/admin', router: 'Pages', asksFor: 'the role admin' },
  { method: 'POST', path: '/api/recent', router: 'App', asksFor: 'a sign-in less than 60 s old' },
]
