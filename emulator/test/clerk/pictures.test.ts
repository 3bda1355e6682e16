import { afterEach, describe, expect, it } from 'vitest'
import { ADA, refusal, type Served, serve } from './support.js'

let served: Served

afterEach(() => served.close())

describe('pictures', () => {
  const picture = new File([new Uint8Array([137, 80, 78, 71])], 'a.png', { type: 'image/png' })

  it('of users and organisations are kept, and removed', async () => {
    served = await serve()
    const { users, organizations } = served.client
    const { id: userId, imageUrl } = await users.createUser(ADA)
    expect(imageUrl).toMatch(/^data:image\/svg/)
    const pictured = await users.updateUserProfileImage(userId, { file: picture })
    expect(pictured).toMatchObject({ hasImage: true, imageUrl: 'data:image/png;base64,iVBORw==' })
    expect(await users.deleteUserProfileImage(userId)).toMatchObject({ hasImage: false })
    const { id } = await organizations.createOrganization({ name: 'Acme' })
    const file = { file: picture, uploaderUserId: userId }
    expect(await organizations.updateOrganizationLogo(id, file)).toMatchObject({ hasImage: true })
    expect(await organizations.deleteOrganizationLogo(id)).toMatchObject({ hasImage: false })
  })

  it('are nothing else', async () => {
    served = await serve()
    const { users } = served.client
    const { id } = await users.createUser(ADA)
    const file = new File(['hello'], 'a.txt', { type: 'text/plain' })
    expect(await refusal(users.updateUserProfileImage(id, { file }))).toMatchObject({ status: 422 })
  })
})
