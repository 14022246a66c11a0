/** Makes a data directory of a backup. Needs no lake that runs. */
import { resolve } from 'node:path'
import { nodeFileSystem } from '../../platform/file-system.ts'
import type { Command } from '../command.ts'
import { restoreBackup } from '../restore/restore.ts'
import { bytesText, countText } from '../terminal.ts'

export const restore: Command = {
  name: 'restore',
  summary:
    'Makes a new data directory of a backup. Nothing is overwritten, and nothing is left when the backup is not whole. Start it with lakelet up --data DIR; lakelet scrub reads every object.',
  arguments: [{ name: 'FROM', says: 'a folder that lakelet backup made' }],
  flags: { data: { value: 'DIR', says: 'the data directory to make; missing or empty', default: '.lakelet' } },
  examples: ['lakelet restore /mnt/backups/2026-01-15 --data /srv/lake'],
  async run({ arguments: [from = ''], flags, terminal, workingDirectory }) {
    const target = resolve(workingDirectory, flags['data'] ?? '.lakelet')
    const source = resolve(workingDirectory, from)
    const { files, bytes, hasMasterKey } = await restoreBackup(
      {
        files: nodeFileSystem,
        onProgress: (done) => terminal.live(`${countText(done.files)} files, ${bytesText(done.bytes)}`),
      },
      source,
      target,
    )
    terminal.result({ directory: target, files, bytes })
    terminal.settle(
      `${terminal.style('good', '✓')} ${target} is a lake: ${countText(files)} files, ${bytesText(bytes)}.`,
    )
    if (!hasMasterKey)
      terminal.line('  Its master key is given from outside: start it with the one it had when the backup was made.')
    terminal.line(`  Start it: lakelet up --data ${target}`)
    return 0
  },
}
