import { expect, test } from 'vitest'
import { explain, failureText, Interrupted } from '../../src/cli/failure.ts'
import { Refusal } from '../../src/platform/refusal.ts'

const system = (code: string) => Object.assign(new Error(`connect ${code}`), { code })
const aws = (name: string, message: string) => Object.assign(new Error(message), { name, $metadata: {} })

test.each([
  ['no lake', system('ECONNREFUSED'), /^lakelet: Nothing answers .*\nStart it with lakelet up/],
  ['an unknown host', system('ENOTFOUND'), /^lakelet: There is no host .*\nLook at --endpoint/],
  ['https', system('EPROTO'), /^lakelet: .*HTTPS\.\n.*http:\/\//],
  ['another server', new SyntaxError('Deserialization error: see $response'), /is not a lake\.\n.*AWS_ENDPOINT_URL/],
  [
    'wrong keys',
    aws('UnrecognizedClientException', 'The token is invalid.'),
    /UnrecognizedClientException.*\n.*lakelet env/,
  ],
  ['another region', aws('InvalidSignatureException', "not a valid region, 'x'"), /\nUnset AWS_REGION/],
  ['no place for results', aws('InvalidRequestException', 'No output location provided.'), /\n.*--output/],
  ['a refusal', new Refusal('noKeys', 'No keys.'), /^lakelet: No keys\.$/],
  ['Ctrl-C', new Interrupted(), /^lakelet: Interrupted\.$/],
])('%s is told in words and with what to do', (_name, error, text) => {
  expect(failureText(error)).toMatch(text)
  expect(failureText(error)).not.toContain('    at ')
})

test('an AWS error without advice keeps its name and message', () => {
  expect(failureText(aws('NoSuchBucket', 'The specified bucket does not exist'))).toBe(
    'lakelet: NoSuchBucket: The specified bucket does not exist',
  )
})

test('a bug shows where it happened', () => {
  expect(explain(new TypeError('x is undefined')).message).toContain('    at ')
})
