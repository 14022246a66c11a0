/**
 * ACLs between the wire and the store: canned ones, grant headers, and bodies. One account owns everything, so a grant
 * to any other account or e-mail address is one to somebody S3 does not know, and refused as S3 refuses those.
 */
import type { Acl, Bucket, Grant } from '../../../objects/object-store.ts'
import { WireError } from '../../../wire/error.ts'
import type {
  AccessControlPolicy,
  Grant as WireGrant,
  Grantee as WireGrantee,
  Permission as WirePermission,
} from '../../../wire/model/s3.ts'
import type { S3Context } from '../context.ts'
import { aclNotSupported, headerNotImplemented, invalidArgument, invalidRequest, notAuthorised } from '../errors.ts'
import { ownerOf } from '../owner.ts'
import { hasAcls, isPublicAcl } from './acl-rights.ts'

const GRANTS_MAX = 100

const OWNERS: Grant = { grantee: 'owner', right: 'fullControl' }
const EVERYBODYS = (right: Grant['right']): Grant => ({ grantee: 'allUsers', right })

/** undefined: the owner alone. `aws-exec-read` is missing: it grants to EC2, an account that a lake does not have. */
const CANNED: Readonly<Record<string, Acl | undefined>> = {
  private: undefined,
  'bucket-owner-read': undefined,
  'bucket-owner-full-control': undefined,
  'public-read': [OWNERS, EVERYBODYS('read')],
  'public-read-write': [OWNERS, EVERYBODYS('read'), EVERYBODYS('write')],
  'authenticated-read': [OWNERS, { grantee: 'authenticatedUsers', right: 'read' }],
  'log-delivery-write': [
    OWNERS,
    { grantee: 'logDelivery', right: 'write' },
    { grantee: 'logDelivery', right: 'readAcl' },
  ],
}

const GROUPS = {
  allUsers: 'http://acs.amazonaws.com/groups/global/AllUsers',
  authenticatedUsers: 'http://acs.amazonaws.com/groups/global/AuthenticatedUsers',
  logDelivery: 'http://acs.amazonaws.com/groups/s3/LogDelivery',
} as const satisfies Readonly<Record<Exclude<Grant['grantee'], 'owner'>, string>>

const PERMISSIONS = {
  fullControl: 'FULL_CONTROL',
  read: 'READ',
  write: 'WRITE',
  readAcl: 'READ_ACP',
  writeAcl: 'WRITE_ACP',
} as const satisfies Readonly<Record<Grant['right'], WirePermission>>

export interface AclMembers {
  readonly ACL?: string
  readonly GrantFullControl?: string
  readonly GrantRead?: string
  readonly GrantReadACP?: string
  readonly GrantWrite?: string
  readonly GrantWriteACP?: string
}

const GRANT_HEADERS = {
  GrantFullControl: { header: 'x-amz-grant-full-control', right: 'fullControl' },
  GrantRead: { header: 'x-amz-grant-read', right: 'read' },
  GrantReadACP: { header: 'x-amz-grant-read-acp', right: 'readAcl' },
  GrantWrite: { header: 'x-amz-grant-write', right: 'write' },
  GrantWriteACP: { header: 'x-amz-grant-write-acp', right: 'writeAcl' },
} as const satisfies Readonly<Record<Exclude<keyof AclMembers, 'ACL'>, { header: string; right: Grant['right'] }>>

const GRANT_NAMES = Object.keys(GRANT_HEADERS) as (keyof typeof GRANT_HEADERS)[]

/** What the headers of a write say; undefined: the owner alone. */
export function aclOfHeaders(input: AclMembers, context: S3Context): Acl | undefined {
  const { ACL, ...grants } = input
  if (ACL === undefined) return aclOfGrants(grants, context)
  if (isGiven(grants)) throw invalidRequest('Specifying both Canned ACLs and Header Grants is not allowed')
  if (ACL === 'aws-exec-read') {
    throw headerNotImplemented('x-amz-acl', 'Grants to Amazon EC2 (aws-exec-read) are not offered.')
  }
  if (!Object.hasOwn(CANNED, ACL)) throw invalidArgument('Invalid canned ACL', 'x-amz-acl', ACL)
  return CANNED[ACL]
}

/** What PutBucketAcl and PutObjectAcl say, in headers or in their body; undefined: the owner alone. */
export function aclOfRequest(
  input: AclMembers & { readonly AccessControlPolicy?: AccessControlPolicy },
  context: S3Context,
): Acl | undefined {
  const policy = input.AccessControlPolicy
  const hasHeaders = isGiven(input)
  if (policy === undefined) {
    if (hasHeaders) return aclOfHeaders(input, context)
    throw new WireError('MissingSecurityHeader', 'Your request was missing a required header', {
      extra: { MissingHeaderName: 'x-amz-acl' },
    })
  }
  if (hasHeaders) throw new WireError('UnexpectedContent', 'This request does not support content')
  return aclOfPolicy(policy, context)
}

/** The ACL of an object that is being written. */
export function writtenAcl(
  input: AclMembers & { readonly Key: string },
  bucket: Bucket,
  context: S3Context,
): Acl | undefined {
  if (!isGiven(input)) return undefined
  const acl = aclOfHeaders(input, context)
  const needed = { action: 's3:PutObject', resource: `arn:aws:s3:::${bucket.name}/${input.Key}` }
  requireSettable(acl, input, { bucket, context, needed })
  return acl
}

/**
 * Refuses what the bucket's settings do not let anybody set: ACLs at all, or public ones. Where ACLs are off S3 takes
 * only those that say what is so: the bucket's owner has every right. `private` is not among them.
 */
export function requireSettable(
  acl: Acl | undefined,
  { ACL = 'bucket-owner-full-control' }: AclMembers,
  { bucket, context, needed }: { bucket: Bucket; context: S3Context; needed: { action: string; resource: string } },
): void {
  if (!hasAcls(bucket) && (acl !== undefined || ACL !== 'bucket-owner-full-control')) throw aclNotSupported()
  if (bucket.publicAccessBlock?.blockPublicAcls === true && isPublicAcl(acl)) {
    throw notAuthorised(
      context.caller,
      needed,
      'because public access control lists (ACLs) are blocked by the BlockPublicAcls block public access setting.',
    )
  }
}

/** The reply of GetBucketAcl and GetObjectAcl. */
export function shownAcl(acl: Acl | undefined, context: S3Context) {
  const owner = ownerOf(context)
  return {
    Owner: owner,
    Grants: (acl ?? [OWNERS]).map(({ grantee, right }): WireGrant => {
      const who: WireGrantee =
        grantee === 'owner' ? { Type: 'CanonicalUser', ID: owner.ID } : { Type: 'Group', URI: GROUPS[grantee] }
      return { Grantee: who, Permission: PERMISSIONS[right] }
    }),
  }
}

function isGiven({ ACL, ...grants }: AclMembers): boolean {
  return ACL !== undefined || GRANT_NAMES.some((name) => grants[name] !== undefined)
}

// ---- headers

/** `id="…", uri="…", emailAddress="…"` in any number, after which the owner has what is said and no more. */
function aclOfGrants(input: AclMembers, context: S3Context): Acl | undefined {
  const grants = GRANT_NAMES.flatMap((name) => {
    const { header, right } = GRANT_HEADERS[name]
    const text = input[name]
    const parts = text?.split(',') ?? []
    return parts.map((part) => ({ grantee: granteeOfHeader(part, { header, text, context }), right }))
  })
  return grants.length === 0 ? undefined : normalised(grants)
}

function granteeOfHeader(
  part: string,
  { header, text, context }: { header: string; text: string | undefined; context: S3Context },
): Grant['grantee'] {
  const [, type, value] = /^\s*(id|uri|emailAddress)\s*=\s*"?([^"]*)"?\s*$/i.exec(part) ?? []
  switch (type?.toLowerCase()) {
    case 'id':
      return ownerWithId(value ?? '', 'id', context)
    case 'uri':
      return groupWithUri(value ?? '')
    case 'emailaddress':
      throw unknownAddress()
    default:
      throw invalidArgument('Argument format not recognized', header, text)
  }
}

// ---- bodies

function aclOfPolicy({ Owner, Grants = [] }: AccessControlPolicy, context: S3Context): Acl | undefined {
  if (Owner?.ID === undefined) throw malformedAcl()
  if (Owner.ID !== ownerOf(context).ID) throw invalidArgument('Invalid id', 'CanonicalUser/ID', Owner.ID)
  return normalised(Grants.map((grant) => grantOf(grant, context)))
}

function grantOf({ Grantee, Permission }: WireGrant, context: S3Context): Grant {
  const right = (Object.keys(PERMISSIONS) as Grant['right'][]).find((name) => PERMISSIONS[name] === Permission)
  if (Grantee === undefined || right === undefined) throw malformedAcl()
  return { grantee: granteeOf(Grantee, context), right }
}

function granteeOf({ Type, ID, URI }: WireGrantee, context: S3Context): Grant['grantee'] {
  switch (Type) {
    case 'CanonicalUser':
      if (ID === undefined) throw malformedAcl()
      return ownerWithId(ID, 'CanonicalUser/ID', context)
    case 'Group':
      if (URI === undefined) throw malformedAcl()
      return groupWithUri(URI)
    case 'AmazonCustomerByEmail':
      throw unknownAddress()
  }
}

// ---- grantees

function ownerWithId(id: string, argument: string, context: S3Context): 'owner' {
  if (id === ownerOf(context).ID) return 'owner'
  throw invalidArgument('Invalid id', argument, id)
}

function groupWithUri(uri: string): Exclude<Grant['grantee'], 'owner'> {
  const names = Object.keys(GROUPS) as (keyof typeof GROUPS)[]
  const group = names.find((name) => GROUPS[name] === uri)
  if (group === undefined) throw invalidArgument('Invalid group uri', 'uri', uri)
  return group
}

function unknownAddress(): WireError {
  return new WireError(
    'UnresolvableGrantByEmailAddress',
    'The e-mail address you provided does not match any account on record.',
  )
}

/** undefined: the owner alone, with every right. */
function normalised(grants: readonly Grant[]): Acl | undefined {
  if (grants.length > GRANTS_MAX) throw malformedAcl()
  const isOwners = grants.length === 1 && grants[0]?.grantee === 'owner' && grants[0].right === 'fullControl'
  return isOwners ? undefined : grants
}

function malformedAcl(): WireError {
  return new WireError(
    'MalformedACLError',
    'The XML you provided was not well-formed or did not validate against our published schema',
  )
}
