import type { S3Operation } from './context.ts'
import { readObject } from './read-object.ts'

export const getObject: S3Operation<'GetObject'> = async (input, context, request) => {
  const { version, range, reply, notModified, customerKey } = await readObject(input, context, {
    request,
    method: 'GET',
  })
  if (notModified) return reply
  const bytes = context.objects.read(version, range, customerKey)
  const isSmall = (range === undefined ? version.size : range.end - range.start + 1) <= SMALL_BYTES_MAX
  return { ...reply, output: { Body: isSmall ? await whole(bytes) : bytes, ...reply.output } }
}

/** Read before the answer begins: it leaves in one piece, and damage is told as an error instead of a cut connection. */
const SMALL_BYTES_MAX = 64 * 1024

async function whole(bytes: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of bytes) chunks.push(chunk)
  return chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks)
}
