import { expect, test } from 'vitest'
import { parseCommandLine } from '../../src/cli/command.ts'
import { up } from '../../src/cli/commands/up.ts'
import { lambdaSetting } from '../../src/config/lambda-setting.ts'
import { parseSettings } from '../../src/config/parse-settings.ts'

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:clean'

test.each([
  ['a name', 'clean=http://localhost:9000', { clean: 'http://localhost:9000/' }],
  ['a name with an alias', 'clean:prod=https://f.example/a', { 'clean:prod': 'https://f.example/a' }],
  ['a name with $LATEST', 'clean:$LATEST=http://h', { 'clean:$LATEST': 'http://h/' }],
  ['an ARN', `${ARN}=http://h:1/x`, { [ARN]: 'http://h:1/x' }],
  ['an ARN with a version', `${ARN}:7=http://h`, { [`${ARN}:7`]: 'http://h/' }],
  ['an equals sign in the URL', 'a=http://h/x?k=v', { a: 'http://h/x?k=v' }],
  ['several, on lines', ' a=http://h\n b=http://i ', { a: 'http://h/', b: 'http://i/' }],
  ['a fragment, which no server sees', 'a=http://h/x#y', { a: 'http://h/x' }],
])('%s is understood', (_what, text, expected) => {
  expect(lambdaSetting(text)).toEqual(expected)
})

test.each([
  ['clean', 'NAME=URL'],
  ['=http://h', 'name or the ARN'],
  ['a/b=http://h', 'name or the ARN'],
  [`${'a'.repeat(65)}=http://h`, 'name or the ARN'],
  ['arn:aws:s3:::b=http://h', 'name or the ARN'],
  ['a=', 'URL is like'],
  ['a=localhost:9000', 'URL is like'],
  ['a=ftp://h', 'URL is like'],
  ['a=http://me:secret@h', 'no user name or password'],
  ['a=http://h a=http://i', 'the only one for a'],
])('%s is refused by name', (text, message) => {
  expect(() => lambdaSetting(text)).toThrow('--lambda')
  expect(() => lambdaSetting(text)).toThrow(message)
})

test('without the setting no function has an address', () => {
  expect(lambdaSetting(undefined)).toBeUndefined()
  expect(lambdaSetting(' ')).toBeUndefined()
})

test('the flag is given once for each function, and outranks the variable', () => {
  const { flags } = parseCommandLine(up, ['--lambda', 'a=http://h', '--lambda', 'b=http://i'])
  const environment = { LAKELET_LAMBDA: 'c=http://j' }
  expect(parseSettings(flags, environment, '/').lambda).toEqual({ a: 'http://h/', b: 'http://i/' })
  expect(parseSettings({}, environment, '/').lambda).toEqual({ c: 'http://j/' })
})
