import { viaSuperTokens } from '../../../lib/authmux'

export default viaSuperTokens.requireAuth((request, response) => {
  response.json({ userId: request.auth.userId })
})
