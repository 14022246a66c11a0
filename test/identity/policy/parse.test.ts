import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PolicyError, type PolicyKind, type PolicyProblem, parsePolicy } from '../../../src/identity/policy/parse.ts'
import { policyText, trustText } from '../../support/policies.ts'

function problemOf(text: string, kind: PolicyKind): PolicyProblem | undefined {
  try {
    parsePolicy(text, kind)
    return undefined
  } catch (error) {
    if (error instanceof PolicyError) return error.problem
    throw error
  }
}

const json = (value: unknown) => JSON.stringify(value)
const one = (fields: object, version = '2012-10-17') =>
  json({ Version: version, Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*', ...fields } })
const open = 'arn:aws:s3:::$' + '{aws:username'
const users = 'arn:aws:iam::000000000000:user/*'

const refused: readonly (readonly [text: string, kind: PolicyKind, problem: PolicyProblem])[] = [
  ['', 'identity', { kind: 'notJson' }],
  ['{', 'identity', { kind: 'notJson' }],
  ['[]', 'identity', { kind: 'syntax', field: 'Policy' }],
  ['null', 'identity', { kind: 'syntax', field: 'Policy' }],
  ['{}', 'identity', { kind: 'syntax', field: 'Statement' }],
  [json({ Version: '2012-10-17', Statement: [] }), 'identity', { kind: 'syntax', field: 'Statement' }],
  [json({ Version: '2012-10-17', Statement: ['x'] }), 'identity', { kind: 'syntax', field: 'Statement' }],
  [json({ Version: '2012-10-17', Statement: {}, Extra: 1 }), 'identity', { kind: 'syntax', field: 'Extra' }],
  [one({}, '2020-01-01'), 'identity', { kind: 'syntax', field: 'Version' }],
  [one({}, '2008-10-17'), 'identity', { kind: 'oldVersion' }],
  [one({ Effect: 'allow' }), 'identity', { kind: 'syntax', field: 'Effect' }],
  [one({ Effect: undefined }), 'identity', { kind: 'syntax', field: 'Effect' }],
  [one({ Actions: 's3:*' }), 'identity', { kind: 'syntax', field: 'Actions' }],
  [one({ Action: undefined }), 'identity', { kind: 'missing', field: 'Action' }],
  [one({ Action: [] }), 'identity', { kind: 'missing', field: 'Action' }],
  [one({ NotAction: 's3:*' }), 'identity', { kind: 'syntax', field: 'NotAction' }],
  [one({ Action: 7 }), 'identity', { kind: 'syntax', field: 'Action' }],
  [one({ Action: 'GetObject' }), 'identity', { kind: 'badAction', value: 'GetObject' }],
  [one({ Action: 's3:Get:Object' }), 'identity', { kind: 'badAction', value: 's3:Get:Object' }],
  [one({ Resource: undefined }), 'identity', { kind: 'missing', field: 'Resource' }],
  [one({ Resource: 'lake/*' }), 'identity', { kind: 'badResource', value: 'lake/*' }],
  [one({ Resource: open }), 'identity', { kind: 'badResource', value: open }],
  [one({ Principal: '*' }), 'identity', { kind: 'prohibited', field: 'Principal' }],
  [one({ Sid: 'no spaces' }), 'identity', { kind: 'badSid', value: 'no spaces' }],
  [policyText({ Sid: 'a' }, { Sid: 'a' }), 'identity', { kind: 'repeatedSid', value: 'a' }],
  [one({ Condition: { StringIs: { a: 'b' } } }), 'identity', { kind: 'badCondition', operator: 'StringIs' }],
  [one({ Condition: { NumericEquals: { a: 'b' } } }), 'identity', { kind: 'badCondition', operator: 'NumericEquals' }],
  [one({ Condition: { IpAddress: { a: '1.0.0.0/33' } } }), 'identity', { kind: 'badCondition', operator: 'IpAddress' }],
  [one({ Condition: { Bool: { a: 'yes' } } }), 'identity', { kind: 'badCondition', operator: 'Bool' }],
  [one({ Condition: { NullIfExists: { a: 'true' } } }), 'identity', { kind: 'badCondition', operator: 'NullIfExists' }],
  [one({ Condition: { constructor: { a: 'x' } } }), 'identity', { kind: 'badCondition', operator: 'constructor' }],
  [one({ Condition: { StringEquals: { a: {} } } }), 'identity', { kind: 'syntax', field: 'Condition' }],
  [one({ Condition: 'x' }), 'identity', { kind: 'syntax', field: 'Condition' }],
  [one({}), 'resource', { kind: 'missing', field: 'Principal' }],
  [one({ Principal: 'ann' }), 'resource', { kind: 'badPrincipal', value: 'ann' }],
  [one({ Principal: { AWS: 'ann' } }), 'resource', { kind: 'badPrincipal', value: '"AWS":"ann"' }],
  [one({ Principal: { AWS: users } }), 'resource', { kind: 'badPrincipal', value: `"AWS":"${users}"` }],
  [one({ Principal: { Person: 'ann' } }), 'resource', { kind: 'syntax', field: 'Person' }],
  [one({ Principal: {} }), 'resource', { kind: 'syntax', field: 'Principal' }],
  [trustText('*', { Resource: '*' }), 'trust', { kind: 'prohibited', field: 'Resource' }],
]

for (const [text, kind, problem] of refused) {
  test(`a policy (${kind}) is refused for ${json(problem)}: ${text}`, () => {
    expect(problemOf(text, kind)).toEqual(problem)
  })
}

test('what AWS takes is taken', () => {
  const named = { Sid: 'Anything goes', Principal: { AWS: ['*', '000000000000'] } }
  expect(problemOf(one(named, '2008-10-17'), 'resource')).toBeUndefined()
  expect(problemOf(json({ Statement: { Effect: 'Deny', Action: '*', Resource: '*', ...named } }), 'resource')).toBe(
    undefined,
  )
  expect(problemOf(trustText({ Service: 'firehose.amazonaws.com' }), 'trust')).toBeUndefined()
  expect(problemOf(one({ Action: ['*', 's3:Get?bject', 'S3:*'] }), 'identity')).toBeUndefined()
  expect(problemOf(one({ Condition: { Bool: { 'aws:SecureTransport': false } } }), 'identity')).toBeUndefined()
})

test('whatever text is given, it is a policy or a problem', () => {
  const field = fc.constantFrom(
    'Version',
    'Statement',
    'Effect',
    'Action',
    'Principal',
    'Condition',
    'AWS',
    'Bool',
    'x',
  )
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      fc.constantFrom('Allow', '2012-10-17', 's3:*', '*', 'true'),
      fc.boolean(),
      fc.integer(),
      fc.constant(null),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(field, tie('any'), { maxKeys: 4 }),
    ),
  })).any
  fc.assert(
    fc.property(value, fc.constantFrom<PolicyKind>('identity', 'resource', 'trust'), (given, kind) => {
      problemOf(json(given), kind)
    }),
  )
})
