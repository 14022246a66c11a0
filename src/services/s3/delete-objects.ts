import { isRefusal } from '../../platform/refusal.ts'
import { WireError } from '../../wire/error.ts'
import type {
  DeletedObject,
  Error as DeleteError,
  DeleteObjectsRequest,
  ObjectIdentifier,
} from '../../wire/model/s3.ts'
import { type Asked, requireAllowed } from './access/authorise.ts'
import { deleting } from './access/needs.ts'
import { unquoted } from './conditions.ts'
import type { S3Operation } from './context.ts'
import { malformedXml, toWireError } from './errors.ts'
import { bucketNamed } from './requests.ts'

const OBJECTS_MAX = 1000

type Outcome = { readonly deleted: DeletedObject } | { readonly failed: DeleteError }

/** Each key on its own: one that fails does not keep the others. */
export const deleteObjects: S3Operation<'DeleteObjects'> = async (input, context, request) => {
  const { Objects, Quiet } = input.Delete
  bucketNamed(context.objects, input.Bucket)
  if (Objects.length === 0 || Objects.length > OBJECTS_MAX) throw malformedXml()
  const outcomes = await Promise.all(Objects.map((object) => deleteOne(object, input, { request, context })))
  const deleted = outcomes.flatMap((outcome) => ('deleted' in outcome ? [outcome.deleted] : []))
  const failed = outcomes.flatMap((outcome) => ('failed' in outcome ? [outcome.failed] : []))
  return { output: { Deleted: Quiet ? [] : deleted, Errors: failed } }
}

async function deleteOne(object: ObjectIdentifier, input: DeleteObjectsRequest, asked: Asked): Promise<Outcome> {
  const { Key, VersionId, ETag } = object
  const ref = { bucket: input.Bucket, key: Key, ...(VersionId !== undefined && { versionId: VersionId }) }
  try {
    await requireAllowed(deleting(object, input), asked)
    const condition = ETag === undefined ? undefined : { ifMatch: unquoted(ETag) }
    const { versionId, deleteMarker } = await asked.context.objects.delete(ref, condition, {
      bypassesGovernance: input.BypassGovernanceRetention === true,
    })
    const marker = deleteMarker && { DeleteMarker: true, DeleteMarkerVersionId: versionId }
    return { deleted: { Key, VersionId, ...marker } }
  } catch (error) {
    const wireError = error instanceof WireError ? error : isRefusal(error) ? toWireError(error) : undefined
    if (wireError === undefined) throw error
    return { failed: { Key, VersionId, Code: wireError.code, Message: wireError.message } }
  }
}
