/** The visitors: made once, each with attributes that stay the same through all of their sessions. */
import { Ids } from '../platform/ids.ts'
import type { Random } from '../platform/random.ts'
import { between, oneOf, weighted } from './choice.ts'
import type { SimulatorConfiguration } from './configuration.ts'
import { LOCALES, PLACES } from './places.ts'

/** In the order in which events carry them. */
export interface VisitorAttributes {
  readonly referer_url: string
  readonly referer_url_scheme: 'http'
  readonly referer_url_port: '80'
  readonly referer_medium: 'search' | 'internal'
  readonly utm_medium: string
  readonly utm_source: string
  readonly utm_content: string
  readonly utm_campaign: string
  readonly click_id: string
  readonly geo_latitude: string
  readonly geo_longitude: string
  readonly geo_country: string
  readonly geo_timezone: string
  readonly geo_region_name: string
  readonly ip_address: string
  readonly browser_name: string
  readonly browser_user_agent: string
  readonly browser_language: string
  readonly os: string
  readonly os_name: string
  readonly os_timezone: string
  readonly device_type: 'Mobile' | 'Computer'
  readonly device_is_mobile: boolean
  readonly user_custom_id: string
  readonly user_domain_id: string
}

const SEARCH_ENGINES = new Set(['google', 'bing'])
const MOBILE_SYSTEMS = new Set(['Android', 'iOS'])
const MAIL_HOSTS = ['gmail.com', 'yahoo.com', 'hotmail.com'] as const
const SYLLABLES = [
  'an',
  'be',
  'cor',
  'da',
  'el',
  'fi',
  'gar',
  'ha',
  'is',
  'jo',
  'ka',
  'lu',
  'mar',
  'ni',
  'or',
  'pa',
  'ri',
  'sa',
  'ti',
  'vel',
]

export function userPool(size: number, configuration: SimulatorConfiguration, random: Random): VisitorAttributes[] {
  const ids = new Ids(random)
  const systems = weighted(configuration.operatingSystems)
  const browsers = weighted(configuration.browsers)
  const sources = weighted(configuration.utmSources)
  const mediums = weighted(configuration.utmMediums)
  const ads = weighted(configuration.ads)
  const campaigns = weighted(configuration.campaigns)
  return Array.from({ length: size }, (): VisitorAttributes => {
    const place = oneOf(PLACES, random)
    const system = systems.pick(random)
    const browser = browsers.pick(random)
    const source = sources.pick(random)
    const platform = platformToken(system, random)
    const isMobile = MOBILE_SYSTEMS.has(system)
    return {
      referer_url: `www.${source}.com`,
      referer_url_scheme: 'http',
      referer_url_port: '80',
      referer_medium: SEARCH_ENGINES.has(source) ? 'search' : 'internal',
      utm_medium: mediums.pick(random),
      utm_source: source,
      utm_content: ads.pick(random),
      utm_campaign: campaigns.pick(random),
      click_id: ids.uuid(),
      geo_latitude: place.latitude,
      geo_longitude: place.longitude,
      geo_country: place.country,
      geo_timezone: place.timeZone,
      geo_region_name: place.region,
      ip_address: publicAddress(random),
      browser_name: browser,
      browser_user_agent: userAgent(browser, platform, random),
      browser_language: oneOf(LOCALES, random),
      os: platform,
      os_name: system,
      os_timezone: place.timeZone,
      device_type: isMobile ? 'Mobile' : 'Computer',
      device_is_mobile: isMobile,
      user_custom_id: mailAddress(random),
      user_domain_id: ids.uuid(),
    }
  })
}

function platformToken(system: string, random: Random): string {
  switch (system) {
    case 'Windows':
      return `Windows NT ${oneOf(['6.1', '6.2', '6.3', '10.0'], random)}`
    case 'MacOS':
      return `Macintosh; ${oneOf(['Intel', 'PPC'], random)} Mac OS X 10_${between(5, 15, random)}_${between(0, 9, random)}`
    case 'Linux':
      return `X11; Linux ${oneOf(['i686', 'x86_64'], random)}`
    case 'Android':
      return `Android ${oneOf(['8.1.0', '9', '10', '11', '12'], random)}`
    default:
      return `${oneOf(['iPhone', 'iPad'], random)}; CPU ${oneOf(['iPhone', 'iPad'], random)} OS ${between(12, 17, random)}_${between(0, 6, random)} like Mac OS X`
  }
}

function userAgent(browser: string, platform: string, random: Random): string {
  switch (browser) {
    case 'Chrome':
      return `Mozilla/5.0 (${platform}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${between(80, 126, random)}.0.${between(1000, 6400, random)}.0 Safari/537.36`
    case 'Firefox': {
      const version = between(70, 127, random)
      return `Mozilla/5.0 (${platform}; rv:${version}.0) Gecko/20100101 Firefox/${version}.0`
    }
    case 'InternetExplorer':
      return `Mozilla/5.0 (compatible; MSIE ${between(8, 10, random)}.0; ${platform}; Trident/${between(4, 6, random)}.0)`
    case 'Safari':
      return `Mozilla/5.0 (${platform}) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/${between(12, 17, random)}.${between(0, 5, random)} Safari/605.1.15`
    default:
      return `Opera/9.${between(10, 99, random)} (${platform}) Presto/2.${between(9, 12, random)}.${between(160, 190, random)} Version/${between(10, 12, random)}.00`
  }
}

/** A first byte that no private, loopback, link-local, test or multicast range begins with. */
function publicAddress(random: Random): string {
  const first = oneOf([5, 8, 23, 31, 45, 62, 77, 80, 91, 104, 131, 145, 177, 185, 189, 200, 201, 212], random)
  return `${first}.${between(0, 255, random)}.${between(0, 255, random)}.${between(1, 254, random)}`
}

function mailAddress(random: Random): string {
  const word = () => Array.from({ length: between(2, 3, random) }, () => oneOf(SYLLABLES, random)).join('')
  return `${word()}${between(10, 99, random)}${word()}@${oneOf(MAIL_HOSTS, random)}`
}
