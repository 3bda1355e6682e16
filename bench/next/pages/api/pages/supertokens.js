import { superTokensNextWrapper } from 'supertokens-node/nextjs'
import { verifySession } from 'supertokens-node/recipe/session/framework/express'
import { ensureSuperTokensInit } from '../../../lib/supertokens'

ensureSuperTokensInit()

export default async function handler(request, response) {
  await superTokensNextWrapper(
    (next) => verifySession()(request, response, next),
    request,
    response,
  )
  response.json({ userId: request.session.getUserId() })
}
