import { authHandlers } from '../../../../lib/auth'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS, HEAD } = authHandlers()
