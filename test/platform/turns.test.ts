import { expect, test } from 'vitest'
import { Turns } from '../../src/platform/turns.ts'
import { settle } from '../support/fake-clock.ts'

function world(atOnce: number) {
  const turns = new Turns(atOnce)
  const began: string[] = []
  const gates = new Map<string, () => void>()
  const abort = new AbortController()
  const take = (name: string, signal = abort.signal) =>
    turns.take(signal, () => {
      began.push(name)
      return new Promise<void>((resolve) => gates.set(name, resolve))
    })
  const end = async (name: string) => {
    gates.get(name)?.()
    await settle()
  }
  return { turns, began, take, end, abort }
}

test('the others wait, and come in the order they came', async () => {
  const { began, take, end } = world(2)
  for (const name of ['a', 'b', 'c', 'd']) void take(name)
  await settle()
  expect(began).toEqual(['a', 'b'])
  await end('b')
  expect(began).toEqual(['a', 'b', 'c'])
  await end('a')
  await end('c')
  expect(began).toEqual(['a', 'b', 'c', 'd'])
})

test('one that gives up waiting takes no turn', async () => {
  const { began, take, end, abort } = world(1)
  void take('a', new AbortController().signal)
  const waiting = take('b')
  void take('c', new AbortController().signal)
  abort.abort(new Error('stopped'))
  await expect(waiting).rejects.toThrow('stopped')
  await expect(take('d')).rejects.toThrow('stopped')
  await end('a')
  expect(began).toEqual(['a', 'c'])
})

test('work that fails gives its turn on', async () => {
  const { turns, began, take } = world(1)
  const failing = turns.take(new AbortController().signal, () => Promise.reject(new Error('no')))
  void take('next')
  await expect(failing).rejects.toThrow('no')
  await settle()
  expect(began).toEqual(['next'])
})
