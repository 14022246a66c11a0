import { expect, test } from 'vitest'
import { readMasterKey } from '../../src/keys/master-key-source.ts'

const HEX = 'ab'.repeat(32)

test('a key is given outright or printed by a program that no shell reads', async () => {
  expect((await readMasterKey({ kind: 'given', hex: HEX })).toString('hex')).toBe(HEX)
  const command = [process.execPath, '-e', 'console.log(process.argv[1])', HEX]
  expect((await readMasterKey({ kind: 'command', command })).toString('hex')).toBe(HEX)
  await expect(readMasterKey({ kind: 'command', command: [process.execPath, '-p', '1', '; echo'] })).rejects.toThrow(
    '64 hexadecimal digits',
  )
})

test.each([
  [['/nowhere/to/be/found'], 'Try it in a shell: /nowhere/to/be/found'],
  [[process.execPath, '-e', 'process.exit(3)'], 'The command for the master key failed'],
])('%o is refused with what to do', async (command, says) => {
  await expect(readMasterKey({ kind: 'command', command })).rejects.toThrow(says)
})

test('what is no key is refused, and not repeated', async () => {
  const refused = readMasterKey({ kind: 'given', hex: 'hunter2' })
  await expect(refused).rejects.toMatchObject({ code: 'masterKeyUnusable' })
  await expect(refused).rejects.not.toThrow('hunter2')
})
