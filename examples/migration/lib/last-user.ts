/** Cookie that remembers who was here, so that the cohort is asked before they sign in again. */
export const LAST_USER_COOKIE = 'last-user'
