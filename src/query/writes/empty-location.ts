/** The folder that a statement writes to: it must be in S3, and nothing may be in it. */
import { SqlFailure } from '../../sql/failure.ts'
import type { Position } from '../../sql/tree.ts'
import { folderPrefix, parseS3Location, type S3Location } from '../s3-location.ts'
import type { SelectParts } from '../select.ts'

/** `what`: `directory for table 'db.t'`. */
export async function emptyLocation(
  location: string,
  what: string,
  { objects }: SelectParts,
  at: Position,
): Promise<S3Location> {
  const place = parseS3Location(location)
  if (place === undefined) throw new SqlFailure('INVALID_TABLE_PROPERTY', `${location} is not a location in S3`, at)
  const folder = { bucket: place.bucket, key: folderPrefix(place.key) }
  const { objects: found } = await objects.list(folder.bucket, { prefix: folder.key, limit: 1 })
  if (found.length === 0) return folder
  throw new SqlFailure(
    'HIVE_PATH_ALREADY_EXISTS',
    `Target ${what} already exists: ${location}. You may need to manually clean the data at location '${location}' before retrying. Athena will not delete data in your account.`,
    at,
  )
}
