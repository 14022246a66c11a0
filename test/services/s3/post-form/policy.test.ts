import { expect, test } from 'vitest'
import { parseFormPolicy, requireByPolicy } from '../../../../src/services/s3/post-form/policy.ts'

const NOW = Date.UTC(2026, 0, 15, 12)
const LATER = '2026-01-15T13:00:00.000Z'
const encoded = (text: string) => Buffer.from(text).toString('base64')
const policyOf = (conditions: unknown, expiration: unknown = LATER) =>
  encoded(JSON.stringify({ expiration, conditions }))

test.each([
  ['', "Expecting '{' but found End-of-Input"],
  ['no base64!', 'invalid Base64 encoding.'],
  [encoded('no json'), 'Invalid JSON.'],
  [encoded('[]'), 'Invalid JSON.'],
  [encoded('null'), 'Invalid JSON.'],
  [encoded('{"conditions":[]}'), 'Policy missing expiration.'],
  [policyOf([], true), 'Invalid JSON.'],
  [policyOf([], 'soon'), "Invalid 'expiration' value: 'soon'"],
  [policyOf([], '2026-13-45T00:00:00Z'), "Invalid 'expiration' value: '2026-13-45T00:00:00Z'"],
  [policyOf(undefined), 'Policy missing conditions.'],
  [policyOf({}), "Invalid 'conditions' value: must be a List."],
  [encoded(`{"expiration":"${LATER}","conditions":[],"more":1}`), "Unexpected: 'more'"],
  [policyOf([true]), 'Invalid condition test: must be a List or Object.'],
  [policyOf([null]), 'Invalid condition test: must be a List or Object.'],
  [policyOf([[]]), 'Invalid Condition: missing operation identifier.'],
  [policyOf([['ne', '$key', 'a']]), "Invalid Condition: unknown operation 'ne'."],
  [policyOf([['eq', '$key', 'a', 'b']]), 'Invalid eq: wrong number of arguments.'],
  [policyOf([['eq', false, 'a']]), 'Invalid JSON.'],
  [policyOf([['content-length-range', 1, false]]), 'Invalid JSON.'],
  [policyOf([['content-length-range', 'a', '2']]), 'Invalid JSON.'],
  [policyOf([['content-length-range', -1, 2]]), 'Invalid JSON.'],
  [policyOf([{}]), 'Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.'],
  [
    policyOf([{ a: '1', b: '2' }]),
    'Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.',
  ],
  [policyOf([{ a: 1 }]), 'Invalid Simple-Condition: value must be a string.'],
])('the policy %.50s is none: %s', (policy, message) => {
  expect(() => parseFormPolicy(policy)).toThrow(`Invalid Policy: ${message}`)
})

test.each([
  [[['eq', '$Content-Type', 'text/plain']], { 'content-type': 'text/plain' }],
  [[['starts-with', '$x-amz-meta-env', 'prod']], { 'x-amz-meta-env': 'production' }],
  [[['starts-with', '$x-amz-meta-any', '']], { 'x-amz-meta-any': 'thing' }],
  [[['starts-with', '$content-type', 'text/']], { 'content-type': 'text/plain, text/html' }],
  [[{ 'Content-Type': 'image/png' }], { 'content-type': 'image/png' }],
  [[], { 'x-ignore-this': 'x', policy: 'p', file: 'f', 'x-amz-signature': 's' }],
])('fields that fulfil %j are taken', (conditions, fields) => {
  expect(requireByPolicy(parseFormPolicy(policyOf(conditions)), fields as Record<string, string>, NOW).min).toBe(0)
})

test.each([
  [
    [['eq', '$content-type', 'text/plain']],
    { 'content-type': 'image/png' },
    'Policy Condition failed: ["eq", "$content-type", "text/plain"]',
  ],
  [[['starts-with', '$key', 'up/']], { key: 'down/a' }, 'Policy Condition failed: ["starts-with", "$key", "up/"]'],
  [
    [['starts-with', '$content-type', 'text/']],
    { 'content-type': 'text/a,image/b' },
    'Policy Condition failed: ["starts-with"',
  ],
  [[{ acl: 'private' }], {}, 'Policy Condition failed: ["eq", "$acl", "private"]'],
  [[['starts-with', '$constructor', 'a']], {}, 'Policy Condition failed: ["starts-with", "$constructor", "a"]'],
  [[['eq', 'key', 'a']], { key: 'a' }, 'Policy Condition failed: ["eq", "key", "a"]'],
  [[{ bucket: 'lake' }], { bucket: 'lake', key: 'a' }, 'Extra input fields: key'],
  [[], { bucket: 'lake', 'content-type': 'x' }, 'Extra input fields: bucket, content-type'],
])('by %j the fields %j are refused', (conditions, fields, message) => {
  const policy = parseFormPolicy(policyOf(conditions))
  expect(() => requireByPolicy(policy, fields as Record<string, string>, NOW)).toThrow(
    `Invalid according to Policy: ${message}`,
  )
})

test('a policy ends when it says', () => {
  const policy = parseFormPolicy(policyOf([]))
  expect(() => requireByPolicy(policy, {}, Date.parse(LATER) - 1)).not.toThrow()
  expect(() => requireByPolicy(policy, {}, Date.parse(LATER))).toThrow('Invalid according to Policy: Policy expired.')
})

test('several ranges of sizes are all meant', () => {
  const policy = parseFormPolicy(
    policyOf([
      ['content-length-range', 1, 10],
      ['content-length-range', '5', '20'],
    ]),
  )
  expect(requireByPolicy(policy, {}, NOW)).toEqual({ min: 5, max: 10 })
})
