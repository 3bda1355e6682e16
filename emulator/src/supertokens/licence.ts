/** A core without a licence, which a stand-in always is, says so in these words. */

export const MULTI_TENANCY =
  "Cannot use feature: multi_tenancy, because the license key is missing, or doesn't have this feature enabled."

export const ACCOUNT_LINKING =
  'Account linking feature is not enabled for this app. Please contact support to enable it.'

export const MULTI_FACTOR =
  'MFA feature is not enabled. Please subscribe to a SuperTokens core license key to enable this feature.'
