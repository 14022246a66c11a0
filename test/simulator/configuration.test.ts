import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { defaultConfiguration, parseConfiguration } from '../../src/simulator/configuration.ts'

const file = {
  pages: defaultConfiguration.pages,
  landing_pages: defaultConfiguration.landingPages,
  visits_per_hour: Object.fromEntries(defaultConfiguration.visitsPerHour.map((share, hour) => [hour, share])),
  operating_systems: defaultConfiguration.operatingSystems,
  utm_sources: defaultConfiguration.utmSources,
  ads: defaultConfiguration.ads,
  campaigns: defaultConfiguration.campaigns,
  utm_mediums: defaultConfiguration.utmMediums,
  browsers: defaultConfiguration.browsers,
}

test('a config.yml in the form of the Python package is read whole', () => {
  expect(parseConfiguration(stringify(file))).toEqual(defaultConfiguration)
})

test.each([
  ['text that is not YAML', 'pages: [', 'not YAML'],
  ['a missing part', stringify({ ...file, ads: undefined }), 'ads must be a mapping'],
  ['a weight that is no number', stringify({ ...file, ads: { ad_1: 'often' } }), 'ads.ad_1 must be a number'],
  ['only weights of nothing', stringify({ ...file, ads: { ad_1: 0 } }), 'ads must have at least one choice'],
  ['a page that leads nowhere', stringify({ ...file, landing_pages: { sale: 1 } }), 'pages.sale must be given'],
  ['an hour left out', stringify({ ...file, visits_per_hour: { 0: 1 } }), 'visits_per_hour.1 must be a number'],
  ['an unknown browser', stringify({ ...file, browsers: { Lynx: 1 } }), 'browsers.Lynx is not one of Chrome'],
])('%s is refused with its key and what it must be', (_name, text, message) => {
  expect(() => parseConfiguration(text)).toThrow(message)
})
