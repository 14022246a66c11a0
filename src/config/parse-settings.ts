/**
 * Flags > environment > defaults, checked once. Every refusal ('invalidSetting') names the flag and says what it must be.
 */
import { resolve } from 'node:path'
import { Refusal } from '../platform/refusal.ts'
import { defaultSettings, type Settings } from './settings.ts'

/** How a setting is given. The same table prints the help of `lakelet up` and the settings page of the README. */
export const settingFlags = [
  { flag: 'host', variable: 'LAKELET_HOST', value: 'ADDRESS', says: 'address to listen on' },
  { flag: 'port', variable: 'LAKELET_PORT', value: 'N', says: 'port to listen on; 0 takes a free one' },
  { flag: 'data', variable: 'LAKELET_DATA', value: 'DIR', says: 'data directory; made when missing' },
  {
    flag: 'auth',
    variable: 'LAKELET_AUTH',
    value: 'verify|open',
    says: 'open accepts any signature: throwaway tests on this machine only',
  },
  { flag: 'region', variable: 'LAKELET_REGION', value: 'R', says: 'the one region of the lake' },
  { flag: 'account', variable: 'LAKELET_ACCOUNT', value: 'ID', says: 'the one account of the lake, twelve digits' },
] as const

export type SettingFlag = (typeof settingFlags)[number]['flag']

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/

export function parseSettings(
  flags: Readonly<Partial<Record<SettingFlag, string>>>,
  environment: Readonly<Record<string, string | undefined>>,
  workingDirectory: string,
): Settings {
  const given = (name: SettingFlag): string | undefined => {
    const variable = settingFlags.find((setting) => setting.flag === name)?.variable
    return flags[name] ?? (variable && environment[variable]) ?? undefined
  }
  const auth = given('auth') ?? defaultSettings.auth
  if (auth !== 'verify' && auth !== 'open') throw refuse('auth', auth, 'verify or open')
  const host = given('host') ?? defaultSettings.host
  if (host === '') throw refuse('host', host, 'an address such as 127.0.0.1')
  if (auth === 'open' && !LOOPBACK.test(host)) {
    throw new Refusal(
      'invalidSetting',
      `--auth open accepts any signature, so it is refused on ${host}: use --host 127.0.0.1, or --auth verify.`,
    )
  }
  const portText = given('port') ?? String(defaultSettings.port)
  const port = Number(portText)
  if (!/^\d+$/.test(portText) || port > 65_535) throw refuse('port', portText, 'a number from 0 to 65535')
  const region = given('region') ?? defaultSettings.region
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) throw refuse('region', region, 'a region name such as us-east-1')
  const accountId = given('account') ?? defaultSettings.accountId
  if (!/^\d{12}$/.test(accountId)) throw refuse('account', accountId, 'twelve digits')
  const dataDirectory = resolve(workingDirectory, given('data') ?? defaultSettings.dataDirectory)
  return Object.freeze({ host, port, dataDirectory, auth, region, accountId })
}

function refuse(flag: SettingFlag, value: string, expected: string): Refusal {
  return new Refusal('invalidSetting', `--${flag} ${JSON.stringify(value)} is not valid: it must be ${expected}.`)
}
