import { expect, test } from 'vitest'
import { WireError } from '../../../src/wire/error.ts'
import { iamModel } from '../../../src/wire/model/iam.ts'
import { stsModel } from '../../../src/wire/model/sts.ts'
import { formParameters, queryCodec } from '../../../src/wire/query/index.ts'

const iam = queryCodec(iamModel)

test('forms become nested inputs; other parameters are ignored', () => {
  const form =
    'Action=CreateRole&Version=2010-05-08&RoleName=r&MaxSessionDuration=3600&AssumeRolePolicyDocument=%7B%22a%22%3A+1%7D&Tags.member.1.Key=k&Tags.member.1.Value=v%20w&Tags.member.2.Key=x&Tags.member.2.Value='
  expect(iam.decode('CreateRole', formParameters(form))).toEqual({
    RoleName: 'r',
    MaxSessionDuration: 3600,
    AssumeRolePolicyDocument: '{"a": 1}',
    Tags: [
      { Key: 'k', Value: 'v w' },
      { Key: 'x', Value: '' },
    ],
  })
})

test('constraints have AWS’s words, under the query protocol’s name', () => {
  expect(() => iam.decode('GetRole', {})).toThrow(
    expect.objectContaining({
      code: 'ValidationError',
      message:
        "1 validation error detected: Value null at 'roleName' failed to satisfy constraint: Member must not be null",
    }),
  )
  expect(() => iam.decode('ListRoles', { MaxItems: 'x' })).toThrow(expect.objectContaining({ code: 'MalformedInput' }))
})

test('a reply stands in response and result elements with the service’s namespace', () => {
  const answer = queryCodec(stsModel).encode('GetCallerIdentity', { Account: '1', Arn: 'a<b' }, 'id')
  expect(answer.body).toBe(
    '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Account>1</Account><Arn>a&lt;b</Arn></GetCallerIdentityResult><ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></GetCallerIdentityResponse>',
  )
})

test('lists in replies have member elements; an operation without output has metadata only', () => {
  expect(iam.encode('ListRolePolicies', { PolicyNames: ['a', 'b'], IsTruncated: false }, 'id').body).toContain(
    '<PolicyNames><member>a</member><member>b</member></PolicyNames><IsTruncated>false</IsTruncated>',
  )
  expect(iam.encode('PutRolePolicy', {}, 'id').body).toBe(
    '<PutRolePolicyResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></PutRolePolicyResponse>',
  )
})

test('errors name whose fault it is', () => {
  const { body, status } = iam.encodeError(new WireError('NoSuchEntity', 'none', { status: 404 }), 'id')
  expect(status).toBe(404)
  expect(body).toBe(
    '<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>none</Message></Error><RequestId>id</RequestId></ErrorResponse>',
  )
})
