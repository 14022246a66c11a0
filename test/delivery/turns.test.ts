import { expect, test } from 'vitest'
import { Turns } from '../../src/delivery/turns.ts'

test('no more than the given number run at once, and they come in order', async () => {
  const turns = new Turns(2)
  const begun: number[] = []
  const finish: (() => void)[] = []
  const all = [0, 1, 2, 3].map((index) =>
    turns.take(async () => {
      begun.push(index)
      await new Promise<void>((resolve) => finish.push(resolve))
    }),
  )
  await settled()
  expect(begun).toEqual([0, 1])
  finish[0]?.()
  await settled()
  expect(begun).toEqual([0, 1, 2])
  finish[1]?.()
  await settled()
  for (const done of finish) done()
  await settled()
  for (const done of finish) done()
  await Promise.all(all)
  expect(begun).toEqual([0, 1, 2, 3])
})

test('work that fails gives its turn back', async () => {
  const turns = new Turns(1)
  await expect(turns.take(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
  await expect(turns.take(async () => 'yes')).resolves.toBe('yes')
})

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await undefined
}
