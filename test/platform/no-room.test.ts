import { expect, test } from 'vitest'
import { saysNoRoom } from '../../src/platform/no-room.ts'
import { Refusal } from '../../src/platform/refusal.ts'

const withCode = (code: string) => Object.assign(new Error('x'), { code })

test.each([
  ['the file system', withCode('ENOSPC'), true],
  ['a quota', withCode('EDQUOT'), true],
  ['SQLite', withCode('SQLITE_FULL'), true],
  ['the object store', new Refusal('diskFull', 'x'), true],
  ['the cause of another error', new Error('x', { cause: new Error('y', { cause: withCode('ENOSPC') }) }), true],
  ['another error', withCode('EACCES'), false],
  ['no error at all', 'ENOSPC', false],
])('%s', (_what, error, expected) => {
  expect(saysNoRoom(error)).toBe(expected)
})
