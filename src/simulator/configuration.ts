/**
 * What the simulated website is like: its pages and where visitors go next, how many come in each hour, what they use.
 * The file form is the `config.yml` of the Python package fake-web-events 0.2.5, so one file drives both.
 */
import { parse } from 'yaml'
import { Refusal } from '../platform/refusal.ts'

/** Choices with their weights, in file order. Weights need not add up to 1. */
export type Weights = Readonly<Record<string, number>>

export interface SimulatorConfiguration {
  /** page → next pages. Every page that can be reached has an entry, but for `session_end`. */
  readonly pages: Readonly<Record<string, Weights>>
  readonly landingPages: Weights
  /** Share of the day's sessions that begin in each hour; 24 numbers. */
  readonly visitsPerHour: readonly number[]
  readonly operatingSystems: Weights
  readonly utmSources: Weights
  readonly ads: Weights
  readonly campaigns: Weights
  readonly utmMediums: Weights
  readonly browsers: Weights
}

export const SESSION_END = 'session_end'

export const OPERATING_SYSTEMS = ['Windows', 'MacOS', 'Linux', 'Android', 'iOS'] as const
export const BROWSERS = ['Chrome', 'Firefox', 'InternetExplorer', 'Safari', 'Opera'] as const

export const defaultConfiguration: SimulatorConfiguration = {
  pages: {
    home: { home: 0.45, product_a: 0.17, product_b: 0.12, session_end: 0.26 },
    product_a: { product_a: 0.5, home: 0.18, cart: 0.12, session_end: 0.2 },
    product_b: { product_b: 0.4, home: 0.22, cart: 0.14, session_end: 0.24 },
    cart: { cart: 0.25, payment: 0.5, home: 0.15, session_end: 0.1 },
    payment: { payment: 0.45, confirmation: 0.4, cart: 0.1, session_end: 0.05 },
    confirmation: { confirmation: 0.4, session_end: 0.6 },
  },
  landingPages: { home: 0.6, product_a: 0.25, product_b: 0.15 },
  visitsPerHour: [
    0.0273, 0.0185, 0.0108, 0.0107, 0.005, 0.0105, 0.0192, 0.0297, 0.0382, 0.0426, 0.0549, 0.0583, 0.0646, 0.0627,
    0.0572, 0.0521, 0.059, 0.0667, 0.0718, 0.0662, 0.0696, 0.0428, 0.0329, 0.0287,
  ],
  operatingSystems: { Windows: 0.1, MacOS: 0.15, Linux: 0.05, Android: 0.3, iOS: 0.4 },
  utmSources: { google: 0.15, facebook: 0.3, bing: 0.05, instagram: 0.2, mailchimp: 0.3 },
  ads: { ad_1: 0.05, ad_2: 0.3, ad_3: 0.2, ad_4: 0.25, ad_5: 0.2 },
  campaigns: { campaign_1: 0.8, campaign_2: 0.2 },
  utmMediums: { cpc: 0.25, affiliate: 0.1, organic: 0.4, social: 0.25 },
  browsers: { Chrome: 0.5, Firefox: 0.25, InternetExplorer: 0.05, Safari: 0.1, Opera: 0.1 },
}

/**
 * Reads a `config.yml`. As in the Python package the file stands for the whole configuration, not for changes to the
 * default one. Refuses ('simulatorConfiguration') with the key and what it must be.
 */
export function parseConfiguration(text: string): SimulatorConfiguration {
  let root: unknown
  try {
    root = parse(text)
  } catch (cause) {
    throw new Refusal('simulatorConfiguration', `The configuration is not YAML: ${(cause as Error).message}`, { cause })
  }
  const top = mapping(root, 'the file')
  const pages = mapping(top['pages'], 'pages')
  const configuration: SimulatorConfiguration = {
    pages: Object.fromEntries(Object.entries(pages).map(([page, next]) => [page, weights(next, `pages.${page}`)])),
    landingPages: weights(top['landing_pages'], 'landing_pages'),
    visitsPerHour: hours(top['visits_per_hour']),
    operatingSystems: knownWeights(top['operating_systems'], 'operating_systems', OPERATING_SYSTEMS),
    utmSources: weights(top['utm_sources'], 'utm_sources'),
    ads: weights(top['ads'], 'ads'),
    campaigns: weights(top['campaigns'], 'campaigns'),
    utmMediums: weights(top['utm_mediums'], 'utm_mediums'),
    browsers: knownWeights(top['browsers'], 'browsers', BROWSERS),
  }
  const reachable = [configuration.landingPages, ...Object.values(configuration.pages)].flatMap(Object.keys)
  const lost = reachable.find((page) => page !== SESSION_END && !Object.hasOwn(configuration.pages, page))
  if (lost !== undefined) throw refuse(`pages.${lost}`, 'must be given, because visitors can reach that page')
  return configuration
}

function refuse(key: string, problem: string): Refusal {
  return new Refusal('simulatorConfiguration', `Simulator configuration: ${key} ${problem}.`, { fields: { key } })
}

function mapping(value: unknown, key: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refuse(key, 'must be a mapping')
  return value as Record<string, unknown>
}

function weights(value: unknown, key: string): Weights {
  const entries = Object.entries(mapping(value, key))
  for (const [name, weight] of entries) {
    if (typeof weight !== 'number' || !(weight >= 0)) throw refuse(`${key}.${name}`, 'must be a number of at least 0')
  }
  const total = entries.reduce((sum, [, weight]) => sum + (weight as number), 0)
  if (!(total > 0)) throw refuse(key, 'must have at least one choice with a weight above 0')
  return Object.fromEntries(entries) as Weights
}

function knownWeights(value: unknown, key: string, known: readonly string[]): Weights {
  const read = weights(value, key)
  const strange = Object.keys(read).find((name) => !known.includes(name))
  if (strange !== undefined) throw refuse(`${key}.${strange}`, `is not one of ${known.join(', ')}`)
  return read
}

function hours(value: unknown): number[] {
  const byHour = mapping(value, 'visits_per_hour')
  return Array.from({ length: 24 }, (_, hour) => {
    const share = byHour[String(hour)]
    if (typeof share !== 'number' || !(share >= 0))
      throw refuse(`visits_per_hour.${hour}`, 'must be a number of at least 0')
    return share
  })
}
