/**
 * The one place where S3 asks whether a request is allowed: after the operation is known and its input decoded, before
 * an object's body is read or anything is told of what is there.
 *
 * - A bucket that does not exist is answered as such to everybody, as S3 does.
 * - Root can only be stopped by a bucket's policy, so where there is none nothing else is looked up.
 * - A public policy on a bucket that restricts public access lets no stranger in, whatever else grants it.
 */
import type { Principal, RequestFacts } from '../../../identity/access.ts'
import { isPublic } from '../../../identity/policy/index.ts'
import type { Bucket, ObjectRef, ObjectVersion } from '../../../objects/object-store.ts'
import { isRefusal } from '../../../platform/refusal.ts'
import type { WireError } from '../../../wire/error.ts'
import type { WireRequest } from '../../../wire/http.ts'
import type { S3Operations } from '../../../wire/model/s3.ts'
import type { S3Context, S3OperationName } from '../context.ts'
import { accessDenied, anonymousUpload, methodNotAllowed, notAuthorised } from '../errors.ts'
import { bucketNamed } from '../requests.ts'
import { aclGrants, asksObjectAcl, hasAcls } from './acl-rights.ts'
import { asksExistingTags, existingTagFacts, inputFacts, requestFacts } from './facts.ts'
import { type Need, type Needs, needs } from './needs.ts'

/** A request, and who sent it. */
export interface Asked {
  readonly request: WireRequest
  readonly context: S3Context
}

/** Throws AccessDenied, or NoSuchBucket. */
export async function authorise<Name extends S3OperationName>(
  name: Name,
  input: S3Operations[Name]['input'],
  asked: Asked,
): Promise<void> {
  const { objects } = asked.context
  const { Bucket } = input as { readonly Bucket?: string }
  if (Bucket !== undefined && name !== 'CreateBucket') bucketNamed(objects, Bucket)
  const wanted = await (needs[name] as Needs<Name>)(input, (ref) => storedVersion(ref, asked.context))
  await requireAllowed(wanted, asked, () => inputFacts(name, input, asked.context))
  if (asked.context.caller.principal.kind === 'anonymous') refuseStranger(name, asked.request)
}

/** S3 keeps these to the bucket's account, whoever a policy allows them to. */
const OWNERS_ALONE: ReadonlySet<S3OperationName> = new Set(['GetBucketPolicy', 'PutBucketPolicy', 'DeleteBucketPolicy'])

/** What S3 lets nobody do that has not signed, even where everybody is allowed. */
function refuseStranger(name: S3OperationName, { method }: WireRequest): void {
  if (OWNERS_ALONE.has(name)) throw methodNotAllowed({ Method: method, ResourceType: 'BUCKETPOLICY' })
  if (name === 'CreateMultipartUpload') throw anonymousUpload()
}

/** All of them, or AccessDenied. `ofInput`: what policies may ask of the request's input. */
export async function requireAllowed(
  wanted: readonly Need[],
  asked: Asked,
  ofInput: () => Promise<RequestFacts> = NO_FACTS,
): Promise<void> {
  for (const need of wanted) {
    const refusal = await refusalOf(need, asked, ofInput)
    if (refusal !== undefined) throw refusal
  }
}

const NO_FACTS = async (): Promise<RequestFacts> => ({})

/** Whether the caller has what is needed. */
export async function isAllowed(need: Need, asked: Asked): Promise<boolean> {
  return (await refusalOf(need, asked, NO_FACTS)) === undefined
}

async function refusalOf(
  need: Need,
  { request, context }: Asked,
  ofInput: () => Promise<RequestFacts>,
): Promise<WireError | undefined> {
  const { access, caller, objects } = context
  const bucket = need.bucket === undefined ? undefined : objects.findBucket(need.bucket)
  const permission = { action: need.action, resource: resourceOf(need) }
  if (isUnstoppable(caller.principal, bucket)) return answerOf(access.judge(caller, permission))
  if (bucket !== undefined && isRestricted(bucket, context)) return accessDenied()

  const version = await versionAskedFor(need, bucket, context)
  const decision = access.judge(caller, {
    ...permission,
    facts: { ...(await ofInput()), ...requestFacts(request, context), ...existingTagFacts(version) },
    ...(bucket !== undefined && {
      ofResource: {
        ...(bucket.policy !== undefined && { policy: bucket.policy }),
        aclGrants: aclGrants(need.action, caller.principal, { bucket, version }),
      },
    }),
  })
  return answerOf(decision)

  function answerOf(answer: ReturnType<typeof access.judge>): WireError | undefined {
    return answer.isAllowed ? undefined : notAuthorised(caller, permission, answer.because)
  }
}

/** Root is stopped by a bucket's policy alone. */
export function isUnstoppable({ kind }: Principal, bucket: Bucket | undefined): boolean {
  return kind === 'root' && bucket?.policy === undefined
}

function resourceOf({ bucket, key }: Need): string {
  if (bucket === undefined) return '*'
  return key === undefined ? `arn:aws:s3:::${bucket}` : `arn:aws:s3:::${bucket}/${key}`
}

function isRestricted({ policy, publicAccessBlock }: Bucket, { caller }: S3Context): boolean {
  const isStranger = caller.principal.kind === 'anonymous'
  return isStranger && publicAccessBlock?.restrictPublicBuckets === true && policy !== undefined && isPublic(policy)
}

/** Where neither its tags nor its ACL have a say, the object is not looked up. */
async function versionAskedFor(
  { action, key, versionId, bucket: name }: Need,
  bucket: Bucket | undefined,
  context: S3Context,
): Promise<ObjectVersion | undefined> {
  if (bucket === undefined || name === undefined || key === undefined) return undefined
  const isAsked = asksExistingTags(action) || (hasAcls(bucket) && asksObjectAcl(action))
  if (!isAsked) return undefined
  return storedVersion({ bucket: name, key, ...(versionId !== undefined && { versionId }) }, context)
}

async function storedVersion(ref: ObjectRef, { objects }: S3Context): Promise<ObjectVersion | undefined> {
  try {
    return await objects.head(ref)
  } catch (error) {
    if (isRefusal(error)) return undefined
    throw error
  }
}
