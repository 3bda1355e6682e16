/** Reading of bodies as they come. */

/**
 * Chunks of a body; to leave the loop is to cancel the rest. Not every runtime lets a stream be
 * iterated by itself.
 */
export async function* chunksOf(
  body: ReadableStream<Uint8Array> | null,
): AsyncGenerator<Uint8Array, void> {
  const reader = body?.getReader()
  if (!reader) return
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    await reader.cancel()
  }
}
