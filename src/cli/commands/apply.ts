import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Refusal } from '../../platform/refusal.ts'
import { applyLakeFile } from '../apply/apply.ts'
import { clientsOf } from '../clients.ts'
import type { Command } from '../command.ts'
import { connectionFlags, findConnection } from '../connection.ts'
import { parseLakeFile } from '../lake-file.ts'

export const apply: Command = {
  name: 'apply',
  summary: 'Makes what a lake file describes: buckets, roles, delivery streams, crawlers, workgroups, saved queries.',
  arguments: [{ name: 'FILE', says: 'the lake file, such as examples/first-lake/lake.yaml' }],
  flags: connectionFlags,
  examples: ['lakelet apply lake.yaml', 'lakelet apply lake.yaml --json'],
  async run(input) {
    const [path = ''] = input.arguments
    const file = parseLakeFile(await readText(resolve(input.workingDirectory, path)))
    const connection = await findConnection(input)
    const applied = await applyLakeFile(file, clientsOf(connection), connection.region, input)
    input.terminal.result(applied)
    return 0
  },
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new Refusal('unreadable', `Cannot read the lake file ${path}: ${(cause as Error).message}`, { cause })
  }
}
