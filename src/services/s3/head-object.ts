import type { S3Operation } from './context.ts'
import { readObject } from './read-object.ts'

export const headObject: S3Operation<'HeadObject'> = async (input, context, request) => {
  const { reply } = await readObject(input, context, { request, method: 'HEAD' })
  return reply
}
