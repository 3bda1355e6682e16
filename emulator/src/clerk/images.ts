/** Pictures of users and organisations. They are kept in their own addresses: nothing serves files. */

import type { Call } from './call.js'
import type { JsonObject } from './json/types.js'
import { ClerkProblem } from './problem.js'

const MAX_BYTES = 10_000_000

/** What is shown of those who have no picture: a plain disc. */
const DEFAULT_IMAGE =
  'data:image/svg+xml,%3Csvg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 2"%3E' +
  '%3Ccircle cx="1" cy="1" r="1" fill="%23a5b4fc"/%3E%3C/svg%3E'

/** The members of a user or an organisation that tell of their picture. */
export function imageJson(imageUrl: string | null): JsonObject {
  return { image_url: imageUrl ?? DEFAULT_IMAGE, has_image: imageUrl !== null }
}

/**
 * The picture that a form brings, as an address.
 * @throws {ClerkProblem} when there is none, or it is not a picture, or larger than 10 MB.
 */
export async function readImage({ request }: Call): Promise<string> {
  const file = await readFile(request)
  if (file.size > MAX_BYTES) throw invalid('the file is too large')
  if (!file.type.startsWith('image/')) throw invalid('the file is not a picture')
  const content = Buffer.from(await file.arrayBuffer()).toString('base64')
  return `data:${file.type};base64,${content}`
}

async function readFile(request: Request): Promise<Blob> {
  if (!request.headers.get('content-type')?.startsWith('multipart/form-data')) {
    throw invalid('a form with a file is wanted')
  }
  const file = (await request.formData()).get('file')
  if (file === null || typeof file === 'string') throw invalid('a form with a file is wanted')
  return file
}

function invalid(longMessage: string): ClerkProblem {
  return new ClerkProblem({
    code: 'form_param_value_invalid',
    message: 'is invalid',
    longMessage,
    parameter: 'file',
  })
}
