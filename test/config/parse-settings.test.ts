import { expect, test } from 'vitest'
import { parseSettings } from '../../src/config/parse-settings.ts'

test('without anything given the lake listens on this machine only and verifies signatures', () => {
  expect(parseSettings({}, {}, '/home/user')).toEqual({
    host: '127.0.0.1',
    port: 4566,
    dataDirectory: '/home/user/.lakelet',
    auth: 'verify',
    region: 'us-east-1',
    accountId: '000000000000',
    jobs: 'on',
    path: '/usr/local/bin:/usr/bin:/bin',
  })
})

test('a flag outranks the environment, which outranks the default', () => {
  const settings = parseSettings({ port: '1' }, { LAKELET_PORT: '2', LAKELET_REGION: 'sa-east-1' }, '/')
  expect([settings.port, settings.region]).toEqual([1, 'sa-east-1'])
})

test.each([
  [{ port: '70000' }, '--port "70000"'],
  [{ port: 'http' }, '--port "http"'],
  [{ auth: 'none' }, '--auth "none"'],
  [{ region: 'Mars' }, '--region "Mars"'],
  [{ account: '12' }, '--account "12"'],
  [{ auth: 'open', host: '0.0.0.0' }, 'refused on 0.0.0.0'],
  [{ jobs: 'yes' }, '--jobs "yes"'],
  [{ 'query-memory': '12' }, '--query-memory "12"'],
  [{ 'query-memory': '1MB' }, '--query-memory "1MB"'],
  [{ 'job-python': '' }, '--job-python ""'],
])('%o is refused by name', (flags, message) => {
  expect(() => parseSettings(flags, {}, '/')).toThrow(message)
})

test('a master key comes from the environment, or from a command as words or as a JSON list', () => {
  const key = 'ab'.repeat(32)
  expect(parseSettings({}, { LAKELET_MASTER_KEY: key }, '/').masterKey).toEqual({ kind: 'given', hex: key })
  const words = parseSettings({ 'master-key-command': 'pass show  lake' }, {}, '/').masterKey
  expect(words).toEqual({ kind: 'command', command: ['pass', 'show', 'lake'] })
  const list = parseSettings({}, { LAKELET_NEXT_MASTER_KEY_COMMAND: '["/a b/key", "x"]' }, '/').nextMasterKey
  expect(list).toEqual({ kind: 'command', command: ['/a b/key', 'x'] })
  expect(() => parseSettings({ 'master-key-command': '[1]' }, {}, '/')).toThrow('JSON list')
  expect(() => parseSettings({ 'master-key-command': 'a' }, { LAKELET_MASTER_KEY: key }, '/')).toThrow('leave one out')
})

test.each([
  [{}, 'on'],
  [{ host: 'localhost' }, 'on'],
  [{ host: '0.0.0.0' }, 'off'],
  [{ host: '192.168.1.7', jobs: 'on' }, 'on'],
  [{ jobs: 'off' }, 'off'],
] as const)('with %o jobs are %s: elsewhere than on this machine they must be asked for', (flags, jobs) => {
  expect(parseSettings(flags, {}, '/').jobs).toBe(jobs)
})

test.each([
  ['2GB', 2 * 2 ** 30],
  ['1.5 gb', 1.5 * 2 ** 30],
  ['300MB', 300 * 2 ** 20],
])('query memory of %s is %i bytes', (text, bytes) => {
  expect(parseSettings({ 'query-memory': text }, {}, '/').queryMemoryBytes).toBe(bytes)
})
