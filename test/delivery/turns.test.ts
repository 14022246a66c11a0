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

test('who waits may leave, and the others keep their order', async () => {
  const turns = new Turns(1)
  const begun: string[] = []
  let finish: () => void = () => undefined
  const first = turns.take(
    () =>
      new Promise<void>((resolve) => {
        finish = resolve
      }),
  )
  const leaving = new AbortController()
  const left = turns.take(async () => begun.push('left'), leaving.signal)
  const last = turns.take(async () => begun.push('last'), new AbortController().signal)
  leaving.abort(new Error('The lake is shutting down.'))
  await expect(left).rejects.toThrow('shutting down')
  await expect(turns.take(async () => begun.push('late'), leaving.signal)).rejects.toThrow('shutting down')
  finish()
  await Promise.all([first, last])
  expect(begun).toEqual(['last'])
})

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await undefined
}
