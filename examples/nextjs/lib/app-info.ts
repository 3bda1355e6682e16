/** The app as SuperTokens knows it; its SDKs, on the server and in the browser, have to agree on this. */
export function toAppInfo(origin: string) {
  return {
    appName: 'authmux example',
    apiDomain: origin,
    websiteDomain: origin,
    apiBasePath: '/api/auth',
    websiteBasePath: '/sign-in',
  }
}
