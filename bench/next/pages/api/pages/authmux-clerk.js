import { viaClerk } from '../../../lib/authmux'

export default viaClerk.requireAuth((request, response) => {
  response.json({ userId: request.auth.userId })
})
