import { expect, test } from 'vitest'
import { type CronSchedule, parseCron } from '../../src/platform/cron.ts'
import { silentLog } from '../../src/platform/log.ts'
import { LATE_MS_MAX, Schedules } from '../../src/platform/schedules.ts'
import { FakeClock } from '../support/fake-clock.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

function cron(text: string): CronSchedule {
  const schedule = parseCron(`cron(${text})`)
  if ('problem' in schedule) throw new Error(schedule.problem)
  return schedule
}

/** At 12:00 of 15 January 2026, with `name` on `text`. */
function world(text = '0/10 * * * ? *') {
  const clock = new FakeClock()
  const schedules = new Schedules({ clock, log: silentLog })
  const fired: string[] = []
  const watch = (name: string, expression: string) =>
    schedules.set(name, cron(expression), async (dueMs) => {
      fired.push(`${name} ${new Date(dueMs).toISOString().slice(5, 16)}`)
    })
  watch('tick', text)
  return { clock, schedules, fired, watch }
}

test('each time fires once, the time of setting not', async () => {
  const { clock, fired } = world()
  await clock.advance(30 * MINUTE_MS)
  expect(fired).toEqual(['tick 01-15T12:10', 'tick 01-15T12:20', 'tick 01-15T12:30'])
})

test('schedules do not hold each other up', async () => {
  const { clock, fired, watch } = world('5 12 * * ? *')
  watch('other', '3,7 12 * * ? *')
  await clock.advance(HOUR_MS)
  expect(fired).toEqual(['other 01-15T12:03', 'tick 01-15T12:05', 'other 01-15T12:07'])
})

test('one that fails goes on', async () => {
  const { clock, schedules, fired } = world('0 0 1 1 ? 2030')
  schedules.set('bad', cron('0/10 * * * ? *'), async (dueMs) => {
    fired.push(String(new Date(dueMs).getUTCMinutes()))
    throw new Error('no')
  })
  await clock.advance(20 * MINUTE_MS)
  expect(fired).toEqual(['10', '20'])
})

test('what is set anew goes by its new times, what is removed by none', async () => {
  const { clock, schedules, fired, watch } = world()
  watch('tick', '15 * * * ? *')
  await clock.advance(20 * MINUTE_MS)
  schedules.remove('tick')
  expect(schedules.dueMs('tick')).toBeUndefined()
  await clock.advance(DAY_MS)
  expect(fired).toEqual(['tick 01-15T12:15'])
  expect(clock.waiting).toBe(0)
})

test('a clock that is set forth misses what lay between, but not what is only just due', async () => {
  const { clock, fired } = world()
  clock.jumpBy(5 * HOUR_MS + 10 * MINUTE_MS + LATE_MS_MAX)
  await clock.advance(MINUTE_MS)
  // 17:12 by now: 17:10 was a minute and a half late.
  expect(fired).toEqual([])
  await clock.advance(8 * MINUTE_MS)
  expect(fired).toEqual(['tick 01-15T17:20'])

  clock.jumpBy(HOUR_MS)
  await clock.advance(MINUTE_MS)
  expect(fired).toEqual(['tick 01-15T17:20', 'tick 01-15T18:20'])
})

test('a clock that is set back fires no time again, and all others', async () => {
  const { clock, fired } = world()
  await clock.advance(25 * MINUTE_MS)
  clock.jumpBy(-20 * MINUTE_MS)
  await clock.advance(30 * MINUTE_MS)
  expect(fired).toEqual(['tick 01-15T12:10', 'tick 01-15T12:20', 'tick 01-15T12:30'])
})

test('a clock that was years ahead does not keep a schedule waiting for years', async () => {
  const { clock, fired } = world()
  clock.jumpBy(400 * DAY_MS)
  await clock.advance(10 * MINUTE_MS)
  clock.jumpBy(-400 * DAY_MS)
  await clock.advance(10 * MINUTE_MS)
  expect(fired).toEqual(['tick 02-19T12:00', 'tick 02-19T12:10', 'tick 01-15T12:20'])
})

test('what never comes again leaves no timer behind', async () => {
  const { clock, fired } = world('5 12 15 1 ? 2026')
  await clock.advance(DAY_MS)
  expect(fired).toEqual(['tick 01-15T12:05'])
  expect(clock.waiting).toBe(0)
})

test('closing waits for what has been started, and nothing fires afterwards', async () => {
  const { clock, schedules, fired, watch } = world('0 0 1 1 ? 2030')
  let isStopped = false
  schedules.set('long', cron('5 12 * * ? *'), async (_, signal) => {
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
    isStopped = true
  })
  await clock.advance(6 * MINUTE_MS)
  await schedules.close()
  expect(isStopped).toBe(true)
  watch('late', '10 12 * * ? *')
  await clock.advance(DAY_MS)
  expect(fired).toEqual([])
})
