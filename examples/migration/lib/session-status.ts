/**
 * What a session of SuperTokens is refused with when it has run out. Its browser SDK refreshes then,
 * and has to leave the 401 of a session of Clerk alone.
 */
export const SESSION_EXPIRED_STATUS = 440
