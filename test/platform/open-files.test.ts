import { expect, test } from 'vitest'
import { openFilesIn } from '../../src/platform/open-files.ts'

const limits = (soft: string) => `Limit                     Soft Limit           Hard Limit           Units
Max processes             95233                95233                processes
Max open files            ${soft.padEnd(20)} 1048576              files
Max locked memory         8388608              8388608              bytes
`

test.each([
  ['1024', 1024],
  ['1048576', 1_048_576],
  ['unlimited', undefined],
])('a soft limit of %s', (soft, expected) => {
  expect(openFilesIn(limits(soft))).toBe(expected)
})

test('a file that tells nothing of it', () => {
  expect(openFilesIn('')).toBeUndefined()
})
