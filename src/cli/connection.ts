/**
 * Where the lake is and with whose keys to speak to it, found the way AWS tools find theirs, and, when nothing says
 * otherwise, in the data directory of a lake on this machine.
 */
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { defaultSettings } from '../config/settings.ts'
import { Refusal } from '../platform/refusal.ts'
import type { CommandInput, Flag } from './command.ts'

export interface Connection {
  readonly endpoint: string
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** What a running lake writes down in its data directory: `address.json`. */
export interface LakeAddress {
  readonly endpoint: string
  readonly region: string
  readonly accountId: string
  readonly auth: 'verify' | 'open'
  readonly processId: number
}

export const connectionFlags: Readonly<Record<string, Flag>> = {
  endpoint: { value: 'URL', says: 'address of the lake (else AWS_ENDPOINT_URL, else the lake of --data)' },
  data: {
    value: 'DIR',
    says: `data directory to take address and keys from, or LAKELET_DATA (default ${defaultSettings.dataDirectory})`,
  },
}

export async function findConnection(
  input: Pick<CommandInput, 'flags' | 'environment' | 'workingDirectory'>,
): Promise<Connection> {
  const { flags, environment } = input
  const directory = dataDirectoryOf(input)
  const address = await readAddress(directory)
  const endpoint = checkedEndpoint(
    flags['endpoint'] || environment['AWS_ENDPOINT_URL'] || address?.endpoint || DEFAULT_ENDPOINT,
  )
  const region =
    environment['AWS_REGION'] ?? environment['AWS_DEFAULT_REGION'] ?? address?.region ?? defaultSettings.region
  const fromEnvironment = environmentKeys(environment)
  const keys =
    fromEnvironment ??
    (await readRootKey(directory)) ??
    (address?.auth === 'open' ? { accessKeyId: 'test', secretAccessKey: 'test' } : undefined)
  if (keys === undefined) {
    throw new Refusal(
      'noKeys',
      `No access keys found: neither AWS_ACCESS_KEY_ID is set nor is there a lake in ${directory}.\nStart one with lakelet up, or point --data at its data directory, or export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`,
    )
  }
  return { endpoint, region, ...keys }
}

export const DEFAULT_ENDPOINT = `http://localhost:${defaultSettings.port}`

export function dataDirectoryOf({
  flags,
  environment,
  workingDirectory,
}: Pick<CommandInput, 'flags' | 'environment' | 'workingDirectory'>): string {
  return resolve(workingDirectory, flags['data'] || environment['LAKELET_DATA'] || defaultSettings.dataDirectory)
}

function checkedEndpoint(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text
  throw new Refusal(
    'usage',
    `${JSON.stringify(text)} is not the address of a lake: it must look like ${DEFAULT_ENDPOINT}.\nIt comes from --endpoint or AWS_ENDPOINT_URL.`,
  )
}

type Keys = Pick<Connection, 'accessKeyId' | 'secretAccessKey' | 'sessionToken'>

function environmentKeys(environment: CommandInput['environment']): Keys | undefined {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = environment
  if (!accessKeyId || !secretAccessKey) return undefined
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) }
}

export async function readAddress(directory: string): Promise<LakeAddress | undefined> {
  return (await readJson(join(directory, 'address.json'))) as LakeAddress | undefined
}

/** The key made at first start; undefined where there is no lake, or its keys may not be read by this user. */
export async function readRootKey(directory: string): Promise<Keys | undefined> {
  return (await readJson(join(directory, 'keys', 'root.json'))) as Keys | undefined
}

async function readJson(path: string): Promise<unknown> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw new Refusal('unreadable', `Cannot read ${path}: ${(error as Error).message}`, { cause: error })
  }
  return JSON.parse(text)
}

/** The lines that point AWS tools of this shell at the lake. Python's read AWS_DEFAULT_REGION, the others AWS_REGION. */
export function exportLines(connection: Connection): string[] {
  return [
    `export AWS_ENDPOINT_URL=${connection.endpoint}`,
    `export AWS_ACCESS_KEY_ID=${connection.accessKeyId}`,
    `export AWS_SECRET_ACCESS_KEY=${connection.secretAccessKey}`,
    `export AWS_REGION=${connection.region}`,
    `export AWS_DEFAULT_REGION=${connection.region}`,
  ]
}
