import { writeCondition } from './conditions.ts'
import type { S3Operation } from './context.ts'
import { headerNotImplemented } from './errors.ts'

/** 204 whether or not there was an object. In a versioned bucket without a version id, a delete marker is put. */
export const deleteObject: S3Operation<'DeleteObject'> = async (input, { objects }) => {
  if (input.IfMatchSize !== undefined) {
    throw headerNotImplemented('x-amz-if-match-size', 'This condition exists for directory buckets only.')
  }
  if (input.IfMatchLastModifiedTime !== undefined) {
    throw headerNotImplemented('x-amz-if-match-last-modified-time', 'This condition exists for directory buckets only.')
  }
  const ref = {
    bucket: input.Bucket,
    key: input.Key,
    ...(input.VersionId !== undefined && { versionId: input.VersionId }),
  }
  const { versionId, deleteMarker } = await objects.delete(ref, writeCondition({ IfMatch: input.IfMatch }), {
    bypassesGovernance: input.BypassGovernanceRetention === true,
  })
  return { output: { VersionId: versionId, DeleteMarker: deleteMarker } }
}
