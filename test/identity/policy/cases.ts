/**
 * Decisions as IAM makes them, as data. Sources: IAM user guide, "Policy evaluation logic", "Condition operators",
 * "Permissions boundaries", "Session policies", "Principal" (2026-11).
 */
import type { Principal, RequestFacts } from '../../../src/identity/access.ts'
import { policyText, type StatementGiven } from '../../support/policies.ts'

export const ANN = {
  kind: 'user',
  arn: 'arn:aws:iam::000000000000:user/ann',
  id: 'AIDAANN',
  name: 'ann',
} as const satisfies Principal
export const SESSION = {
  kind: 'roleSession',
  arn: 'arn:aws:sts::000000000000:assumed-role/loader/run-1',
  roleArn: 'arn:aws:iam::000000000000:role/jobs/loader',
  roleName: 'loader',
  id: 'AROALOADERLOADERLOADER:run-1',
  sessionPolicies: [],
} as const satisfies Principal
export const ROOT = { kind: 'root', arn: 'arn:aws:iam::000000000000:root' } as const satisfies Principal
export const ANONYMOUS: Principal = { kind: 'anonymous' }

const OBJECT = 'arn:aws:s3:::lake/in/a.json'
const ACCOUNT = { AWS: '000000000000' }

export interface DecisionCase {
  readonly name: string
  readonly who?: Principal
  readonly action?: string
  readonly resource?: string
  readonly facts?: RequestFacts
  readonly identity?: readonly string[]
  readonly boundary?: string
  readonly session?: readonly string[]
  readonly bucket?: readonly StatementGiven[]
  readonly aclGrants?: boolean
  /** true, or the end of IAM's sentence. */
  readonly expected: true | string
}

const noIdentity = 'because no identity-based policy allows the s3:GetObject action'
const noResource = 'because no resource-based policy allows the s3:GetObject action'
const noBoundary = 'because no permissions boundary allows the s3:GetObject action'
const noSession = 'because no session policy allows the s3:GetObject action'
const denied = 'with an explicit deny in an identity-based policy'
const deniedByBucket = 'with an explicit deny in a resource-based policy'

const allow = (fields: StatementGiven) => [policyText(fields)]
const bucketAllows = (Principal: unknown): readonly StatementGiven[] => [{ Principal, Action: 's3:GetObject' }]
const bucketDenies = (fields: StatementGiven): readonly StatementGiven[] => [{ Effect: 'Deny', ...fields }]
const when = (operator: string, key: string, value: unknown) => ({ Condition: { [operator]: { [key]: value } } })

const everything = allow({})
const noS3 = policyText({ Action: 'sqs:*' })
const everybody = { Principal: '*' }

const whoMay: readonly DecisionCase[] = [
  { name: 'a user without policies may nothing', expected: noIdentity },
  { name: 'root may what nothing denies', who: ROOT, expected: true },
  { name: 'a bucket denies root, too', who: ROOT, bucket: bucketDenies(everybody), expected: deniedByBucket },
  {
    name: 'root gets at the policy of a bucket that denies everybody',
    who: ROOT,
    action: 's3:PutBucketPolicy',
    resource: 'arn:aws:s3:::lake',
    bucket: bucketDenies(everybody),
    expected: true,
  },
  { name: 'nobody may nothing', who: ANONYMOUS, expected: noResource },
  { name: 'nobody may what a bucket grants to everyone', who: ANONYMOUS, bucket: bucketAllows('*'), expected: true },
  { name: 'AWS * is everyone', who: ANONYMOUS, bucket: bucketAllows({ AWS: '*' }), expected: true },
  { name: 'nobody is not of the account', who: ANONYMOUS, bucket: bucketAllows(ACCOUNT), expected: noResource },
  { name: 'an ACL that grants is a grant', who: ANONYMOUS, aclGrants: true, expected: true },
  {
    name: 'a deny beats an ACL',
    who: ANONYMOUS,
    aclGrants: true,
    bucket: bucketDenies(everybody),
    expected: deniedByBucket,
  },
]

const identityPolicies: readonly DecisionCase[] = [
  { name: 'an action on a resource', identity: allow({ Action: 's3:GetObject', Resource: OBJECT }), expected: true },
  { name: 'actions have no case', identity: allow({ Action: 'S3:getobject' }), expected: true },
  { name: 'actions have wildcards', identity: allow({ Action: 's3:Get*' }), expected: true },
  { name: 'one character', identity: allow({ Action: 's3:GetObjec?' }), expected: true },
  { name: 'another action', identity: allow({ Action: 's3:PutObject' }), expected: noIdentity },
  { name: 'resources have case', identity: allow({ Resource: 'arn:aws:s3:::LAKE/*' }), expected: noIdentity },
  { name: 'a bucket is not its objects', identity: allow({ Resource: 'arn:aws:s3:::lake' }), expected: noIdentity },
  { name: 'a wildcard spans slashes', identity: allow({ Resource: 'arn:aws:s3:::l*json' }), expected: true },
  { name: 'a short arn is filled with wildcards', identity: allow({ Resource: 'arn:aws:s3:*' }), expected: true },
  {
    name: 'a wildcard reaches over no colon',
    identity: allow({ Resource: 'arn:aws:s*lake/in/a.json' }),
    expected: noIdentity,
  },
  { name: 'NotAction allows the rest', identity: allow({ NotAction: 'iam:*' }), expected: true },
  { name: 'NotAction does not allow what it names', identity: allow({ NotAction: ['s3:*'] }), expected: noIdentity },
  { name: 'NotResource allows the rest', identity: allow({ NotResource: 'arn:aws:s3:::other/*' }), expected: true },
  {
    name: 'NotResource does not allow what it names',
    identity: allow({ NotResource: 'arn:aws:s3:::lake/*' }),
    expected: noIdentity,
  },
  { name: 'deny beats allow', identity: [policyText({}, { Effect: 'Deny', Action: 's3:*' })], expected: denied },
  {
    name: 'a deny in another policy beats allow',
    identity: [...everything, policyText({ Effect: 'Deny' })],
    expected: denied,
  },
  {
    name: 'a deny of something else does nothing',
    identity: [policyText({}, { Effect: 'Deny', Action: 's3:DeleteObject' })],
    expected: true,
  },
  {
    name: 'an action without a resource needs a policy of all resources',
    action: 's3:ListAllMyBuckets',
    resource: '*',
    identity: allow({ Resource: 'arn:aws:s3:::*' }),
    expected: 'because no identity-based policy allows the s3:ListAllMyBuckets action',
  },
  {
    name: 'an action without a resource is allowed on all',
    action: 's3:ListAllMyBuckets',
    resource: '*',
    identity: everything,
    expected: true,
  },
]

const longId = `AIDA${'A'.repeat(17)}`
const spared = (NotPrincipal: unknown) => bucketDenies({ NotPrincipal })

const resourcePolicies: readonly DecisionCase[] = [
  { name: 'a bucket that names the user', bucket: bucketAllows({ AWS: ANN.arn }), expected: true },
  {
    name: 'a bucket that names the user by id',
    who: { ...ANN, id: longId },
    bucket: bucketAllows({ AWS: longId }),
    expected: true,
  },
  { name: 'a bucket that names another user', bucket: bucketAllows({ AWS: `${ANN.arn}a` }), expected: noIdentity },
  {
    name: 'a bucket that names the account leaves it to its policies',
    bucket: bucketAllows({ AWS: ROOT.arn }),
    expected: noIdentity,
  },
  {
    name: 'an account that is named, and a policy of the user',
    bucket: bucketAllows(ACCOUNT),
    identity: allow({ Action: 's3:GetObject' }),
    expected: true,
  },
  {
    name: 'a canonical user is the account',
    bucket: bucketAllows({ CanonicalUser: 'a'.repeat(64) }),
    expected: noIdentity,
  },
  {
    name: 'a service is nobody here',
    who: ANONYMOUS,
    bucket: bucketAllows({ Service: 'logging.s3.amazonaws.com' }),
    expected: noResource,
  },
  { name: 'a bucket that names everyone', bucket: bucketAllows('*'), expected: true },
  {
    name: 'a bucket that denies the account denies its users',
    identity: everything,
    bucket: bucketDenies({ Principal: ACCOUNT }),
    expected: deniedByBucket,
  },
  { name: 'everyone but Ann is not Ann', bucket: [{ NotPrincipal: { AWS: ANN.arn } }], expected: noIdentity },
  { name: 'everyone but somebody else is Ann', bucket: [{ NotPrincipal: { AWS: `${ANN.arn}a` } }], expected: true },
  {
    name: 'a deny of everyone but Ann spares Ann',
    identity: everything,
    bucket: spared({ AWS: ANN.arn }),
    expected: true,
  },
  {
    name: 'a deny of everyone but root spares no user',
    identity: everything,
    bucket: spared({ AWS: ROOT.arn }),
    expected: deniedByBucket,
  },
  { name: 'a deny of everyone but root spares root', who: ROOT, bucket: spared({ AWS: ROOT.arn }), expected: true },
  {
    name: 'a user named by the bucket is not limited by the boundary',
    bucket: bucketAllows({ AWS: ANN.arn }),
    boundary: noS3,
    expected: true,
  },
  {
    name: 'a bucket that denies a role denies its sessions',
    who: SESSION,
    identity: everything,
    bucket: bucketDenies({ Principal: { AWS: SESSION.roleArn } }),
    expected: deniedByBucket,
  },
  {
    name: 'a deny of all but the role alone does not spare a session',
    who: SESSION,
    identity: everything,
    bucket: spared({ AWS: SESSION.roleArn }),
    expected: deniedByBucket,
  },
  {
    name: 'a deny of all but role and session spares the session',
    who: SESSION,
    identity: everything,
    bucket: spared({ AWS: [SESSION.roleArn, SESSION.arn] }),
    expected: true,
  },
]

const limits: readonly DecisionCase[] = [
  { name: 'a boundary grants nothing', boundary: policyText({}), expected: noIdentity },
  { name: 'a boundary limits', identity: everything, boundary: noS3, expected: noBoundary },
  { name: 'both allow', identity: everything, boundary: policyText({ Action: 's3:*' }), expected: true },
  {
    name: 'a boundary denies',
    identity: everything,
    boundary: policyText({}, { Effect: 'Deny' }),
    expected: 'with an explicit deny in a permissions boundary',
  },
  { name: 'a session policy grants nothing', who: SESSION, session: everything, expected: noIdentity },
  { name: 'a session policy limits', who: SESSION, identity: everything, session: [noS3], expected: noSession },
  {
    name: 'one of several session policies suffices',
    who: SESSION,
    identity: everything,
    session: [noS3, ...allow({ Action: 's3:*' })],
    expected: true,
  },
  {
    name: 'a session policy denies',
    who: SESSION,
    identity: everything,
    session: [policyText({}, { Effect: 'Deny' })],
    expected: 'with an explicit deny in a session policy',
  },
  {
    name: 'a session named by the bucket is limited by nothing',
    who: SESSION,
    session: [noS3],
    bucket: bucketAllows({ AWS: SESSION.arn }),
    expected: true,
  },
  {
    name: 'a role named by the bucket needs no policy of its own',
    who: SESSION,
    bucket: bucketAllows({ AWS: SESSION.roleArn }),
    expected: true,
  },
  {
    name: 'a role named by the bucket is limited by the session policy',
    who: SESSION,
    session: [noS3],
    bucket: bucketAllows({ AWS: SESSION.roleArn }),
    expected: noSession,
  },
  {
    name: 'a role named by the bucket is limited by the boundary',
    who: SESSION,
    boundary: noS3,
    bucket: bucketAllows({ AWS: SESSION.roleArn }),
    expected: noBoundary,
  },
]

const userFacts = { 'aws:username': ['ann'], 'aws:userid': ['AIDAANN'], 'aws:principaltag/team': ['blue'] }
const home = 'arn:aws:s3:::lake/$'

const variables: readonly DecisionCase[] = [
  {
    name: 'the user name in a resource',
    resource: 'arn:aws:s3:::lake/ann/x',
    facts: userFacts,
    identity: allow({ Resource: `${home}{aws:username}/*` }),
    expected: true,
  },
  {
    name: 'keys of variables have no case',
    resource: 'arn:aws:s3:::lake/blue/x',
    facts: userFacts,
    identity: allow({ Resource: `${home}{aws:PrincipalTag/Team}/*` }),
    expected: true,
  },
  {
    name: 'a variable without a value matches nothing',
    identity: allow({ Resource: `${home}{aws:username}*` }),
    expected: noIdentity,
  },
  {
    name: 'a variable without a value has a default',
    identity: allow({ Resource: `${home}{aws:username, 'in'}/*` }),
    expected: true,
  },
  {
    name: 'a value is no wildcard',
    facts: { 'aws:username': ['*'] },
    identity: allow({ Resource: `${home}{aws:username}` }),
    expected: noIdentity,
  },
  {
    name: 'a star in braces is a star',
    resource: 'arn:aws:s3:::lake/*',
    identity: allow({ Resource: `${home}{*}` }),
    expected: true,
  },
  { name: 'a star in braces is nothing else', identity: allow({ Resource: `${home}{*}` }), expected: noIdentity },
  {
    name: 'an id with a colon in the resource',
    resource: 'arn:aws:s3:::lake/AROA:s/x',
    facts: { 'aws:userid': ['AROA:s'] },
    identity: allow({ Resource: `${home}{aws:userid}/*` }),
    expected: true,
  },
  {
    name: 'a variable in a condition',
    facts: { ...userFacts, 's3:prefix': ['home/ann/x'] },
    identity: allow(when('StringLike', 's3:prefix', `home/$${'{aws:username}'}/*`)),
    expected: true,
  },
]

/** operator, value in the policy, value of the request (undefined: none), holds */
type ConditionCase = readonly [operator: string, wanted: unknown, actual: readonly string[] | undefined, holds: boolean]

const conditions: readonly ConditionCase[] = [
  ['StringEquals', 'a', ['a'], true],
  ['StringEquals', 'a', ['A'], false],
  ['StringEquals', ['b', 'a'], ['a'], true],
  ['StringEquals', 'a*', ['ab'], false],
  ['StringEquals', 'a', undefined, false],
  ['StringNotEquals', 'a', ['b'], true],
  ['StringNotEquals', ['a', 'b'], ['b'], false],
  ['StringNotEquals', 'a', undefined, true],
  ['StringEqualsIgnoreCase', 'AbC', ['aBc'], true],
  ['StringNotEqualsIgnoreCase', 'AbC', ['aBc'], false],
  ['StringLike', 'a*c?', ['abbcd'], true],
  ['StringLike', 'a*c?', ['abbc'], false],
  ['StringNotLike', 'a*', ['ab'], false],
  ['StringEqualsIfExists', 'a', undefined, true],
  ['StringEqualsIfExists', 'a', ['b'], false],
  ['NumericEquals', '10', ['10.0'], true],
  ['NumericLessThan', 10, ['9'], true],
  ['NumericLessThan', '10', ['10'], false],
  ['NumericLessThanEquals', '10', ['10'], true],
  ['NumericGreaterThan', '10', ['11'], true],
  ['NumericGreaterThanEquals', '10', ['9'], false],
  ['NumericNotEquals', '10', ['9'], true],
  ['NumericEquals', '10', ['ten'], false],
  ['DateLessThan', '2026-01-02T00:00:00Z', ['2026-01-01T23:59:59Z'], true],
  ['DateLessThan', '2026-01-02T00:00:00Z', ['2026-01-02T00:00:00Z'], false],
  ['DateGreaterThan', '1767225600', ['2026-01-01T00:00:01Z'], true],
  ['DateEquals', '2026-01-01T00:00:00Z', ['1767225600'], true],
  ['DateNotEquals', '2026-01-01T00:00:00Z', ['1767225600'], false],
  ['DateGreaterThanEquals', '2026-01-01', ['2026-01-01T00:00:00Z'], true],
  ['DateLessThanEquals', '2026-01-01', ['2026-01-01T00:00:01Z'], false],
  ['Bool', 'true', ['true'], true],
  ['Bool', false, ['false'], true],
  ['Bool', 'false', ['true'], false],
  ['Bool', 'true', undefined, false],
  ['BoolIfExists', 'true', undefined, true],
  ['BinaryEquals', 'QmluYXJ5', ['QmluYXJ5'], true],
  ['BinaryEquals', 'QmluYXJ5', ['QmluYXJ6'], false],
  ['IpAddress', '10.0.0.0/8', ['10.200.3.4'], true],
  ['IpAddress', '10.0.0.0/8', ['11.0.0.1'], false],
  ['IpAddress', '203.0.113.5', ['203.0.113.5'], true],
  ['IpAddress', ['2001:db8::/32', '10.0.0.0/8'], ['2001:db8:1::7'], true],
  ['IpAddress', '2001:db8::/32', ['2001:db9::1'], false],
  ['IpAddress', '10.0.0.0/8', ['nowhere'], false],
  ['NotIpAddress', '10.0.0.0/8', ['10.1.1.1'], false],
  ['NotIpAddress', '10.0.0.0/8', ['192.0.2.1'], true],
  ['ArnEquals', 'arn:aws:iam::*:role/x*', ['arn:aws:iam::000000000000:role/xy'], true],
  ['ArnLike', 'arn:aws:iam::0*:role/x', ['arn:aws:iam::000000000000:user/x'], false],
  ['ArnNotEquals', 'arn:aws:iam::*:role/x', ['arn:aws:iam::000000000000:role/x'], false],
  ['ArnNotLike', 'arn:aws:iam::*:role/x', ['arn:aws:iam::000000000000:role/y'], true],
  ['Null', 'true', undefined, true],
  ['Null', 'true', ['x'], false],
  ['Null', 'false', ['x'], true],
  ['Null', 'false', undefined, false],
  ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'b'], true],
  ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'c'], false],
  ['ForAllValues:StringEquals', ['a'], undefined, true],
  ['ForAllValues:StringNotEquals', ['a'], ['b', 'c'], true],
  ['ForAllValues:StringNotEquals', ['a'], ['a', 'c'], false],
  ['ForAnyValue:StringEquals', ['a', 'b'], ['c', 'b'], true],
  ['ForAnyValue:StringEquals', ['a', 'b'], ['c'], false],
  ['ForAnyValue:StringEquals', ['a'], undefined, false],
  ['ForAnyValue:StringNotEquals', ['a'], ['a', 'b'], true],
  ['ForAnyValue:StringNotEquals', ['a'], ['a'], false],
  ['ForAnyValue:StringNotEquals', ['a'], undefined, false],
  ['ForAnyValue:StringLike', ['a*'], ['b', 'ab'], true],
]

const conditionCases = conditions.map(
  ([operator, wanted, actual, holds]): DecisionCase => ({
    name: `${operator} ${JSON.stringify(wanted)} of ${JSON.stringify(actual ?? 'no key')} ${holds ? 'holds' : 'fails'}`,
    facts: actual === undefined ? {} : { 'x:key': actual },
    identity: allow(when(operator, 'X:Key', wanted)),
    expected: holds || noIdentity,
  }),
)

/** As CDK's `enforceSSL` writes it. */
const enforceSsl = bucketDenies({
  Principal: { AWS: '*' },
  Action: 's3:*',
  ...when('Bool', 'aws:SecureTransport', 'false'),
})

const combined: readonly DecisionCase[] = [
  {
    name: 'all conditions of a statement must hold',
    facts: { 'x:a': ['1'], 'x:b': ['2'] },
    identity: allow({ Condition: { StringEquals: { 'x:a': '1' }, StringLike: { 'x:b': '3*' } } }),
    expected: noIdentity,
  },
  {
    name: 'a bucket that wants TLS denies what comes in the clear',
    identity: everything,
    facts: { 'aws:securetransport': ['false'] },
    bucket: enforceSsl,
    expected: deniedByBucket,
  },
  {
    name: 'a bucket that wants TLS lets through what comes safely',
    identity: everything,
    facts: { 'aws:securetransport': ['true'] },
    bucket: enforceSsl,
    expected: true,
  },
]

export const decisionCases: readonly DecisionCase[] = [
  ...whoMay,
  ...identityPolicies,
  ...resourcePolicies,
  ...limits,
  ...variables,
  ...conditionCases,
  ...combined,
].map((one) => ({ who: ANN, action: 's3:GetObject', resource: OBJECT, ...one }))
