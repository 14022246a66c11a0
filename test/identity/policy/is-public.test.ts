import { expect, test } from 'vitest'
import { isPublic } from '../../../src/identity/policy/is-public.ts'
import { policyText, type StatementGiven } from '../../support/policies.ts'

const everyone = { Principal: '*' }
const when = (operator: string, key: string, value: unknown) => ({
  ...everyone,
  Condition: { [operator]: { [key]: value } },
})
const account = { Principal: { AWS: '000000000000' } }

const cases: readonly (readonly [name: string, isPublic: boolean, ...statements: StatementGiven[]])[] = [
  ['everyone', true, everyone],
  ['AWS *', true, { Principal: { AWS: '*' } }],
  ['everyone but one', true, { NotPrincipal: { AWS: '000000000000' } }],
  ['one account', false, account],
  ['a service', false, { Principal: { Service: 'logging.s3.amazonaws.com' } }],
  ['nobody (a deny of everyone)', false, { ...everyone, Effect: 'Deny' }],
  ['an account and everyone', true, account, everyone],
  ['an address', false, when('IpAddress', 'aws:SourceIp', '203.0.113.0/24')],
  ['an /8', false, when('IpAddress', 'aws:SourceIp', '10.0.0.0/8')],
  ['half the internet', true, when('IpAddress', 'aws:SourceIp', '0.0.0.0/1')],
  ['much of version 6', true, when('IpAddress', 'aws:SourceIp', ['10.0.0.0/8', '2000::/3'])],
  ['all but an address', true, when('NotIpAddress', 'aws:SourceIp', '203.0.113.0/24')],
  ['an organisation', false, when('StringEquals', 'aws:PrincipalOrgID', 'o-123')],
  ['any organisation', true, when('StringLike', 'aws:PrincipalOrgID', 'o-*')],
  ['an organisation, if there is one', true, when('StringEqualsIfExists', 'aws:PrincipalOrgID', 'o-123')],
  ['all values of perhaps none', true, when('ForAllValues:StringEquals', 'aws:PrincipalOrgID', 'o-123')],
  ['any session of one role', false, when('StringLike', 'aws:userid', 'AROAABCDEFGHIJKLMNOPQ:*')],
  ['any session', true, when('StringLike', 'aws:userid', 'AROA*')],
  ['a variable', true, when('StringEquals', 'aws:SourceVpc', '$' + '{aws:username}')],
  ['whoever uses TLS', true, when('Bool', 'aws:SecureTransport', 'true')],
  ['a referer', true, when('StringLike', 'aws:Referer', 'https://example.com/')],
]

for (const [name, expected, ...statements] of cases) {
  test(`a grant to ${name} is ${expected ? '' : 'not '}public`, () => {
    expect(isPublic(policyText(...statements))).toBe(expected)
  })
}
