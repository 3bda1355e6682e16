export const origin = process.env.APP_ORIGIN

export const appInfo = {
  appName: 'bench',
  apiDomain: origin,
  websiteDomain: origin,
  apiBasePath: '/api/auth',
}
