import fc from 'fast-check'
import { expect, test } from 'vitest'
import { judge } from '../../../src/identity/policy/judge.ts'
import { parsePolicy } from '../../../src/identity/policy/parse.ts'
import { policyText, type StatementGiven } from '../../support/policies.ts'
import { ANN, ANONYMOUS, type DecisionCase, decisionCases, ROOT, SESSION } from './cases.ts'

function decide(given: Omit<DecisionCase, 'name' | 'expected'>) {
  const { who = ANN, action = '', resource = '', facts = {}, aclGrants } = given
  const decision = judge(
    { principal: who, action, resource, facts, ...(aclGrants !== undefined && { ofResource: { aclGrants } }) },
    {
      identity: (given.identity ?? []).map((text) => parsePolicy(text, 'identity')),
      ...(given.boundary !== undefined && { boundary: parsePolicy(given.boundary, 'identity') }),
      ...(given.session !== undefined && { session: given.session.map((text) => parsePolicy(text, 'identity')) }),
      ...(given.bucket !== undefined && { resource: parsePolicy(policyText(...given.bucket), 'resource') }),
    },
  )
  return decision.isAllowed || decision.because
}

for (const given of decisionCases) {
  test(given.name, () => {
    expect(decide(given)).toBe(given.expected)
  })
}

const statement = fc.record({
  Effect: fc.constantFrom<'Allow' | 'Deny'>('Allow', 'Deny'),
  Action: fc.constantFrom('*', 's3:*', 's3:Get*', 's3:GetObject', 's3:PutObject', 'glue:GetTable'),
  Resource: fc.constantFrom('*', 'arn:aws:s3:::lake/*', 'arn:aws:s3:::lake/in/*', 'arn:aws:s3:::other/*'),
})
const bucketStatement = fc
  .tuple(statement, fc.constantFrom<unknown>('*', { AWS: ANN.arn }, { AWS: SESSION.roleArn }, { AWS: '000000000000' }))
  .map(([given, Principal]): StatementGiven => ({ ...given, Principal }))
const question = fc.record({
  who: fc.constantFrom(ANN, SESSION, ROOT, ANONYMOUS),
  action: fc.constantFrom('s3:GetObject', 's3:PutObject', 'glue:GetTable'),
  resource: fc.constantFrom('arn:aws:s3:::lake/in/a', 'arn:aws:s3:::lake/b', 'arn:aws:s3:::other/c'),
  identity: fc.array(
    fc.array(statement, { minLength: 1, maxLength: 4 }).map((all) => policyText(...all)),
    { maxLength: 3 },
  ),
  bucket: fc.array(bucketStatement, { minLength: 1, maxLength: 3 }),
})

test('a deny of everything wins over whatever else is said, wherever it stands', () => {
  const deny = { Effect: 'Deny' as const }
  fc.assert(
    fc.property(question, fc.constantFrom('identity', 'boundary', 'session', 'bucket'), (asked, where) => {
      const decision = decide({
        ...asked,
        ...(where === 'identity' && { identity: [...asked.identity, policyText(deny)] }),
        ...(where === 'boundary' && { boundary: policyText({}, deny) }),
        ...(where === 'session' && { session: [policyText({}, deny)] }),
        ...(where === 'bucket' && { bucket: [...asked.bucket, { ...deny, Principal: '*' }] }),
      })
      expect(decision).toMatch(/^with an explicit deny/)
    }),
  )
})

test('an allow that is added takes nothing away', () => {
  fc.assert(
    fc.property(question, statement, bucketStatement, (asked, added, addedToBucket) => {
      fc.pre(decide(asked) === true)
      const withAllow = decide({
        ...asked,
        identity: [...asked.identity, policyText({ ...added, Effect: 'Allow' })],
        bucket: [...asked.bucket, { ...addedToBucket, Effect: 'Allow' }],
      })
      expect(withAllow).toBe(true)
    }),
  )
})
