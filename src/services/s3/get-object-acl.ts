import { hasAcls } from './access/acl-rights.ts'
import { shownAcl } from './access/acls.ts'
import type { S3Operation } from './context.ts'
import { methodNotAllowed } from './errors.ts'
import { bucketNamed, objectRef } from './requests.ts'

/** Where ACLs are off, what is stored does not count: the owner has every right, and alone. */
export const getObjectAcl: S3Operation<'GetObjectAcl'> = async (input, context) => {
  const bucket = bucketNamed(context.objects, input.Bucket)
  const version = await context.objects.head(objectRef(input))
  if (version.isDeleteMarker) throw methodNotAllowed({ Method: 'GET', ResourceType: 'DeleteMarker' })
  return { output: shownAcl(hasAcls(bucket) ? version.acl : undefined, context) }
}
