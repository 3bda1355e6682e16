import { authHandlers } from '../../../lib/auth'

export default authHandlers()

export const config = { api: { bodyParser: false } }
