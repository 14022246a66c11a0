import type { S3Operation } from './context.ts'
import { readObject } from './read-object.ts'

export const headObject: S3Operation<'HeadObject'> = async (input, context) => {
  const { reply } = await readObject(input, context, 'HEAD')
  return reply
}
