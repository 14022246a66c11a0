import { expect, test } from 'vitest'
import { functionAddress } from '../../../../src/delivery/processing/lambda/function-address.ts'

const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:clean'
const EMULATOR = 'http://127.0.0.1:9000/2015-03-31/functions/function/invocations'

test.each([
  [
    'without a path it is an endpoint of the Lambda API',
    'http://h:1',
    ARN,
    'http://h:1/2015-03-31/functions/clean/invocations',
  ],
  ['and so it is with a slash', 'http://h:1/', ARN, 'http://h:1/2015-03-31/functions/clean/invocations'],
  ['a version goes along', 'http://h', `${ARN}:7`, 'http://h/2015-03-31/functions/clean/invocations?Qualifier=7'],
  [
    'so does $LATEST',
    'http://h',
    `${ARN}:$LATEST`,
    'http://h/2015-03-31/functions/clean/invocations?Qualifier=%24LATEST',
  ],
  ['a query stays', 'http://h?k=v', `${ARN}:a`, 'http://h/2015-03-31/functions/clean/invocations?k=v&Qualifier=a'],
  ['with a path it is used as it is', 'http://h/x/', `${ARN}:7`, 'http://h/x/'],
  ['so is the emulator’s', EMULATOR, `${ARN}:7`, EMULATOR],
])('a URL: %s', (_what, url, arn, expected) => {
  expect(functionAddress(arn, { clean: url })?.url.href).toBe(expected)
})

test('the emulator, known by its path, takes one invocation at a time', () => {
  expect(functionAddress(ARN, { clean: EMULATOR })?.isSerial).toBe(true)
  expect(functionAddress(ARN, { clean: 'http://127.0.0.1:9000' })?.isSerial).toBe(false)
  expect(functionAddress(ARN, { clean: 'http://127.0.0.1:9000/mine' })?.isSerial).toBe(false)
})

const MORE_AND_MORE = { clean: 'http://h/4', [ARN]: 'http://h/3', 'clean:7': 'http://h/2', [`${ARN}:7`]: 'http://h/1' }

test.each([
  ['the ARN as it is', `${ARN}:7`, '/1'],
  ['an unqualified ARN', ARN, '/3'],
  ['the ARN without its alias', `${ARN}:prod`, '/3'],
  ['a name with its version', 'clean:7', '/2'],
  ['a name', 'clean', '/4'],
  ['a name without its alias', 'clean:prod', '/4'],
  ['the name in an ARN of elsewhere', 'arn:aws:lambda:us-east-1:999999999999:function:clean', '/4'],
  ['the name and version in an ARN of elsewhere', 'arn:aws:lambda:us-east-1:999999999999:function:clean:7', '/2'],
])('the most exact name wins: %s', (_what, arn, path) => {
  expect(functionAddress(arn, MORE_AND_MORE)?.url.pathname).toBe(path)
})

test.each([ARN, `${ARN}:7`, 'other', 'constructor', 'arn:aws:lambda'])('%s without a setting has no address', (arn) => {
  expect(functionAddress(arn, { another: 'http://h' })).toBeUndefined()
})
