import { getEventListeners, setMaxListeners } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FunctionAddress } from '../../../../src/delivery/processing/lambda/function-address.ts'
import { LambdaFunctions } from '../../../../src/delivery/processing/lambda/functions.ts'
import { FakeClock, settle } from '../../../support/fake-clock.ts'
import { type Behaviour, echo, FakeFunctions, hangsUp } from './fake-functions.ts'

const EMULATOR_PATH = '/2015-03-31/functions/function/invocations'
const SIGNAL = new AbortController().signal

let server: FakeFunctions
beforeAll(async () => {
  server = await FakeFunctions.start()
})
afterAll(() => server.close())

const event = () => Buffer.from('{"records":[]}')

function opened(path = '') {
  const functions = new LambdaFunctions({ clean: server.url + path, other: server.url + path }, new FakeClock())
  const address = functions.addressOf('clean') as FunctionAddress
  return { functions, address }
}

/** Answers when told to. */
function holding() {
  const held: (() => void)[] = []
  const behaviour: Behaviour = (received, response) => held.push(() => void echo(received, response))
  return { held, behaviour }
}

test('a connection is used again, and nothing else of an invocation is kept', async () => {
  server.behave(echo)
  const { functions, address } = opened()
  const before = server.sockets.length
  for (let time = 0; time < 3; time++) await functions.invoke(address, { event, signal: SIGNAL })
  expect(server.sockets.length - before).toBe(1)
  expect(getEventListeners(SIGNAL, 'abort')).toEqual([])
  functions.close()
})

test('a kept connection that is closed meanwhile is no failure of the function', async () => {
  server.behave(echo, hangsUp, echo)
  const { functions, address } = opened()
  expect((await functions.invoke(address, { event, signal: SIGNAL })).kind).toBe('answer')
  expect((await functions.invoke(address, { event, signal: SIGNAL })).kind).toBe('answer')
  expect(server.received).toHaveLength(3)
  functions.close()
})

test('a fresh connection that is closed is one', async () => {
  server.behave(hangsUp, echo)
  const { functions, address } = opened()
  const reading = await functions.invoke(address, { event, signal: SIGNAL })
  expect(reading).toMatchObject({ kind: 'failure', failure: { code: 'Lambda.ConnectionFailed' } })
  functions.close()
})

test('AWS’s emulator is given one invocation at a time, whichever function asks', async () => {
  const { held, behaviour } = holding()
  server.behave(behaviour)
  const { functions, address } = opened(EMULATOR_PATH)
  const other = functions.addressOf('other') as FunctionAddress
  const both = Promise.all([address, other].map((to) => functions.invoke(to, { event, signal: SIGNAL })))
  await server.hasReceived(1)
  await settle()
  expect(server.received).toHaveLength(1)
  held[0]?.()
  await server.hasReceived(2)
  held[1]?.()
  expect((await both).map(({ kind }) => kind)).toEqual(['answer', 'answer'])
  functions.close()
})

test('forty invocations are under way in the lake, and the events of the others are not made yet', async () => {
  const { held, behaviour } = holding()
  server.behave(behaviour)
  const { functions, address } = opened()
  let made = 0
  const counted = () => {
    made += 1
    return event()
  }
  const ending = new AbortController()
  setMaxListeners(0, ending.signal)
  const all = Array.from({ length: 41 }, () => functions.invoke(address, { event: counted, signal: ending.signal }))
  const outcomes = Promise.allSettled(all)
  await server.hasReceived(40)
  await settle()
  expect([server.received.length, made]).toEqual([40, 40])
  held[0]?.()
  await server.hasReceived(41)
  ending.abort(new Error('enough'))
  expect((await outcomes).map(({ status }) => status).filter((status) => status === 'fulfilled')).toHaveLength(1)
  functions.close()
})
