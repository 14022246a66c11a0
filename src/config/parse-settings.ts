/**
 * Flags > environment > defaults, checked once. Every refusal ('invalidSetting') names the flag and says what it must be.
 */
import { resolve } from 'node:path'
import { Refusal } from '../platform/refusal.ts'
import { lambdaSetting } from './lambda-setting.ts'
import { defaultSettings, type MasterKeySetting, type Settings } from './settings.ts'

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
  {
    flag: 'master-key-command',
    variable: 'LAKELET_MASTER_KEY_COMMAND',
    value: 'COMMAND',
    says: 'program that prints the master key, 64 hexadecimal digits, run once at start without a shell: words, or a JSON list of them. LAKELET_MASTER_KEY gives the key itself. Without either it is the file keys/master',
  },
  {
    flag: 'next-master-key-command',
    variable: 'LAKELET_NEXT_MASTER_KEY_COMMAND',
    value: 'COMMAND',
    says: 'the same for the key that lakelet keys rotate goes to, or LAKELET_NEXT_MASTER_KEY; a key from outside needs one',
  },
  {
    flag: 'lambda',
    variable: 'LAKELET_LAMBDA',
    value: 'NAME=URL',
    repeats: true,
    says: 'where the Lambda function of this name or ARN is invoked; several as several flags, or with blanks between them',
  },
  {
    flag: 'jobs',
    variable: 'LAKELET_JOBS',
    value: 'on|off',
    says: 'whether Glue jobs run, programs on this machine of whoever may start them; on where only this machine is listened to, otherwise off',
  },
  {
    flag: 'job-python',
    variable: 'LAKELET_JOB_PYTHON',
    value: 'PROGRAM',
    says: 'the Python that runs Glue jobs; without it python3 of the PATH',
  },
  {
    flag: 'query-memory',
    variable: 'LAKELET_QUERY_MEMORY',
    value: 'SIZE',
    says: 'memory for Athena queries together, such as 2GB; without it half of the machine',
  },
] as const satisfies readonly SettingSource[]

interface SettingSource {
  readonly flag: string
  readonly variable: string
  readonly value: string
  readonly says: string
  /** Given several times, its values are joined by blanks, as the variable writes them. */
  readonly repeats?: true
}

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
  const masterKey = keySetting('LAKELET_MASTER_KEY', environment, given('master-key-command'))
  const nextMasterKey = keySetting('LAKELET_NEXT_MASTER_KEY', environment, given('next-master-key-command'))
  const lambda = lambdaSetting(given('lambda'))
  const jobs = given('jobs') ?? (LOOPBACK.test(host) ? 'on' : 'off')
  if (jobs !== 'on' && jobs !== 'off') throw refuse('jobs', jobs, 'on or off')
  const jobPython = given('job-python')
  if (jobPython === '') throw refuse('job-python', jobPython, 'a program, such as /usr/bin/python3')
  const queryMemoryBytes = memorySetting(given('query-memory'))
  const path = environment['PATH'] || defaultSettings.path
  return Object.freeze({
    host,
    port,
    dataDirectory,
    auth,
    region,
    accountId,
    masterKey,
    nextMasterKey,
    lambda,
    jobs,
    jobPython,
    ...(queryMemoryBytes !== undefined && { queryMemoryBytes }),
    path,
  })
}

const UNITS: Readonly<Record<string, number>> = { MB: 2 ** 20, GB: 2 ** 30 }
/** Below this the engine cannot even start a query. */
const QUERY_MEMORY_MIN = 256 * 2 ** 20

function memorySetting(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?) ?(MB|GB)$/i.exec(text) ?? []
  const bytes = Math.floor(Number(number) * (UNITS[unit.toUpperCase()] ?? Number.NaN))
  if (!(bytes >= QUERY_MEMORY_MIN)) throw refuse('query-memory', text, 'a size of at least 256MB, such as 2GB')
  return bytes
}

/** A key itself comes from the environment alone: arguments of a program are seen by every user of the machine. */
function keySetting(
  variable: 'LAKELET_MASTER_KEY' | 'LAKELET_NEXT_MASTER_KEY',
  environment: Readonly<Record<string, string | undefined>>,
  commandText: string | undefined,
): MasterKeySetting | undefined {
  const hex = environment[variable] || undefined
  if (hex !== undefined && commandText !== undefined) {
    throw new Refusal('invalidSetting', `${variable} and a command for the same key are both given: leave one out.`)
  }
  if (hex !== undefined) return { kind: 'given', hex }
  return commandText === undefined ? undefined : { kind: 'command', command: wordsOf(commandText) }
}

function wordsOf(text: string): string[] {
  const words = text.trimStart().startsWith('[') ? listOf(text) : text.split(/\s+/).filter((word) => word !== '')
  if (words !== undefined && words.length > 0) return words
  throw refuse('master-key-command', text, 'a program and its arguments, or a JSON list of them')
}

/** undefined: not a list of texts. */
function listOf(text: string): string[] | undefined {
  try {
    const list: unknown = JSON.parse(text)
    return Array.isArray(list) && list.every((word) => typeof word === 'string') ? list : undefined
  } catch {
    // No JSON: refused like a list of the wrong things.
    return undefined
  }
}

function refuse(flag: SettingFlag, value: string, expected: string): Refusal {
  return new Refusal('invalidSetting', `--${flag} ${JSON.stringify(value)} is not valid: it must be ${expected}.`)
}
