import { expect, test } from 'vitest'
import { seededRandom } from '../../src/platform/random.ts'
import { defaultConfiguration, type SimulatorConfiguration } from '../../src/simulator/configuration.ts'
import { Simulation } from '../../src/simulator/simulation.ts'

const NOON = Date.UTC(2026, 0, 15, 12, 0, 0)

function simulation(
  overrides: { seed?: number; sessionsPerDay?: number; configuration?: SimulatorConfiguration; startMs?: number } = {},
) {
  return new Simulation({
    users: 100,
    sessionsPerDay: overrides.sessionsPerDay ?? 100_000,
    startMs: overrides.startMs ?? NOON,
    configuration: overrides.configuration ?? defaultConfiguration,
    random: seededRandom(overrides.seed ?? 1),
  })
}

function take(from: Simulation, count: number): Record<string, unknown>[] {
  const events: Record<string, unknown>[] = []
  for (const line of from.events()) {
    events.push(JSON.parse(line))
    if (events.length === count) break
  }
  return events
}

const FIELDS = [
  'event_id',
  'event_timestamp',
  'event_type',
  'page_url',
  'page_url_path',
  'referer_url',
  'referer_url_scheme',
  'referer_url_port',
  'referer_medium',
  'utm_medium',
  'utm_source',
  'utm_content',
  'utm_campaign',
  'click_id',
  'geo_latitude',
  'geo_longitude',
  'geo_country',
  'geo_timezone',
  'geo_region_name',
  'ip_address',
  'browser_name',
  'browser_user_agent',
  'browser_language',
  'os',
  'os_name',
  'os_timezone',
  'device_type',
  'device_is_mobile',
  'user_custom_id',
  'user_domain_id',
]

test('an event is one line of JSON with the thirty fields of the exercise in their order', () => {
  const line = simulation().events().next().value
  expect(line.endsWith('}\n')).toBe(true)
  expect(Object.keys(JSON.parse(line))).toEqual(FIELDS)
})

test('every event has its own id, and a timestamp with microseconds', () => {
  const events = take(simulation(), 5000)
  expect(new Set(events.map((event) => event['event_id'])).size).toBe(5000)
  for (const event of events) expect(event['event_timestamp']).toMatch(/^2026-01-\d\d \d\d:\d\d:\d\d\.\d{6}$/)
})

test('the same seed gives the same events, another seed others', () => {
  expect(take(simulation({ seed: 7 }), 200)).toEqual(take(simulation({ seed: 7 }), 200))
  expect(take(simulation({ seed: 7 }), 200)).not.toEqual(take(simulation({ seed: 8 }), 200))
})

test('only pages that the site has are seen, and fewer visitors reach each later stage of the funnel', () => {
  const counts = new Map<string, number>()
  for (const event of take(simulation(), 50_000)) {
    const page = String(event['page_url_path'])
    counts.set(page, (counts.get(page) ?? 0) + 1)
  }
  expect([...counts.keys()].sort()).toEqual(['/cart', '/confirmation', '/home', '/payment', '/product_a', '/product_b'])
  const of = (page: string) => counts.get(page) ?? 0
  expect(of('/home')).toBeGreaterThan(of('/cart'))
  expect(of('/cart')).toBeGreaterThan(of('/payment'))
  expect(of('/payment')).toBeGreaterThan(of('/confirmation'))
})

test('phones are mobile devices and search engines a search medium, for every visitor', () => {
  for (const event of take(simulation(), 2000)) {
    const isPhone = event['os_name'] === 'Android' || event['os_name'] === 'iOS'
    expect(event['device_is_mobile']).toBe(isPhone)
    expect(event['device_type']).toBe(isPhone ? 'Mobile' : 'Computer')
    const isSearch = event['utm_source'] === 'google' || event['utm_source'] === 'bing'
    expect(event['referer_medium']).toBe(isSearch ? 'search' : 'internal')
  }
})

test('more visitors come in the busiest hour than in the quietest', () => {
  const eventsOfAnHour = (startMs: number) => {
    const hour = simulation({ startMs })
    let events = 0
    while (hour.nowMs < startMs + 3_600_000) events += hour.step().length
    return events
  }
  expect(eventsOfAnHour(Date.UTC(2026, 0, 15, 18))).toBeGreaterThan(5 * eventsOfAnHour(Date.UTC(2026, 0, 15, 4)))
})
