/** Object ownership between the wire and the store. */
import type { ObjectOwnership } from '../../../objects/object-store.ts'
import { WireError } from '../../../wire/error.ts'
import type { ObjectOwnership as WireOwnership } from '../../../wire/model/s3.ts'

const NAMES = {
  bucketOwnerEnforced: 'BucketOwnerEnforced',
  bucketOwnerPreferred: 'BucketOwnerPreferred',
  objectWriter: 'ObjectWriter',
} as const satisfies Readonly<Record<Exclude<ObjectOwnership, 'unset'>, WireOwnership>>

/** undefined: no such setting. */
export function ownershipNamed(name: string): ObjectOwnership | undefined {
  return (Object.keys(NAMES) as (keyof typeof NAMES)[]).find((ownership) => NAMES[ownership] === name)
}

/** undefined: the setting was removed. */
export function ownershipName(ownership: ObjectOwnership | undefined): WireOwnership | undefined {
  return ownership === 'unset' ? undefined : NAMES[ownership ?? 'bucketOwnerEnforced']
}

/** ACLs that grant others anything do not go with "bucket owner enforced". */
export function aclAgainstOwnership(): WireError {
  return new WireError(
    'InvalidBucketAclWithObjectOwnership',
    "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
  )
}
