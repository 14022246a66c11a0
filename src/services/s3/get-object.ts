import type { S3Operation } from './context.ts'
import { readObject } from './read-object.ts'

export const getObject: S3Operation<'GetObject'> = async (input, context) => {
  const { version, range, reply, notModified } = await readObject(input, context, 'GET')
  if (notModified) return reply
  return { ...reply, output: { ...reply.output, Body: context.objects.read(version, range) } }
}
