/** Looks at everything that usually goes wrong, says what is well, what is not, and what to do. */
import { constants } from 'node:fs'
import { access, statfs } from 'node:fs/promises'
import { clientsOf } from '../clients.ts'
import type { Command, CommandInput } from '../command.ts'
import { connectionFlags, DEFAULT_ENDPOINT, dataDirectoryOf, findConnection, readAddress } from '../connection.ts'
import { explain } from '../failure.ts'
import { bytesText } from '../terminal.ts'

interface Finding {
  readonly check: string
  readonly isWell: boolean
  readonly says: string
}

const NODE_MIN: readonly [number, number] = [20, 19]
const FREE_BYTES_MIN = 1024 ** 3

export const doctor: Command = {
  name: 'doctor',
  summary: 'Checks this machine and the lake, and says what to do about what is wrong.',
  arguments: [],
  flags: connectionFlags,
  examples: ['lakelet doctor'],
  async run(input) {
    const server = await serverAnswers(input)
    const keys = server.isWell ? [await keysWork(input)] : []
    const sql = keys.every(({ isWell }) => isWell) && server.isWell ? [await sqlAnswers(input)] : []
    const findings = [nodeVersion(), await dataDirectory(input), await freeSpace(input), server, ...keys, ...sql]
    for (const finding of findings) {
      const mark = finding.isWell ? input.terminal.style('good', '✓') : input.terminal.style('bad', '✗')
      input.terminal.line(`${mark} ${finding.check}: ${finding.says}`)
    }
    if (sql.length === 0) input.terminal.line('What comes after that was not looked at.')
    input.terminal.result(findings)
    return findings.every((finding) => finding.isWell) ? 0 : 1
  },
}

function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const isWell = major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1])
  return {
    check: 'Node',
    isWell,
    says: isWell
      ? process.versions.node
      : `${process.versions.node} is too old: install ${NODE_MIN.join('.')} or newer.`,
  }
}

async function dataDirectory(input: CommandInput): Promise<Finding> {
  const directory = dataDirectoryOf(input)
  try {
    await access(directory, constants.R_OK | constants.W_OK)
    return { check: 'Data directory', isWell: true, says: directory }
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    const says = isMissing
      ? `${directory} does not exist: lakelet up makes it, or point --data at yours.`
      : `${directory} cannot be read and written by this user: ${(error as Error).message}`
    return { check: 'Data directory', isWell: false, says }
  }
}

async function freeSpace(input: CommandInput): Promise<Finding> {
  const stats = await statfs(dataDirectoryOf(input)).catch(() => statfs(input.workingDirectory))
  const free = stats.bavail * stats.bsize
  return {
    check: 'Free space',
    isWell: free >= FREE_BYTES_MIN,
    says:
      free >= FREE_BYTES_MIN
        ? bytesText(free)
        : `only ${bytesText(free)} left: free some, or the lake will refuse writes.`,
  }
}

async function serverAnswers(input: CommandInput): Promise<Finding> {
  const check = 'Server'
  const address = await readAddress(dataDirectoryOf(input))
  const endpoint =
    input.flags['endpoint'] ?? input.environment['AWS_ENDPOINT_URL'] ?? address?.endpoint ?? DEFAULT_ENDPOINT
  try {
    const answer = await fetch(`${endpoint}/_lakelet/health`, { signal: AbortSignal.timeout(5000) })
    if (answer.ok) return { check, isWell: true, says: `${endpoint} is healthy` }
    return { check, isWell: false, says: `${endpoint} answers ${answer.status}: is another program on that port?` }
  } catch {
    return { check, isWell: false, says: `nothing answers at ${endpoint}: start it with lakelet up.` }
  }
}

async function keysWork(input: CommandInput): Promise<Finding> {
  const check = 'Access keys'
  try {
    const sts = await clientsOf(await findConnection(input)).sts()
    const { GetCallerIdentityCommand } = await import('@aws-sdk/client-sts')
    return { check, isWell: true, says: `accepted, you are ${(await sts.send(new GetCallerIdentityCommand({}))).Arn}` }
  } catch (error) {
    return { check, isWell: false, says: adviceOf(error) }
  }
}

async function sqlAnswers(input: CommandInput): Promise<Finding> {
  const check = 'Catalog and queries'
  try {
    const athena = await clientsOf(await findConnection(input)).athena()
    const { ListWorkGroupsCommand } = await import('@aws-sdk/client-athena')
    const groups = (await athena.send(new ListWorkGroupsCommand({}))).WorkGroups ?? []
    return { check, isWell: true, says: `answer; workgroups: ${groups.map((group) => group.Name).join(', ')}` }
  } catch (error) {
    return { check, isWell: false, says: adviceOf(error) }
  }
}

function adviceOf(error: unknown): string {
  const { message, advice = '' } = explain(error)
  return `${message} ${advice}`.trim()
}
