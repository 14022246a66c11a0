import { parseSettings, settingFlags } from '../../config/parse-settings.ts'
import { defaultSettings } from '../../config/settings.ts'
import type { Command, Flag } from '../command.ts'
import { exportLines, findConnection, type LakeAddress } from '../connection.ts'
import { newConsoleLink } from './console.ts'

const DEFAULTS: Readonly<Record<string, string>> = {
  host: defaultSettings.host,
  port: String(defaultSettings.port),
  data: defaultSettings.dataDirectory,
  auth: defaultSettings.auth,
  region: defaultSettings.region,
  account: defaultSettings.accountId,
}

const flags: Readonly<Record<string, Flag>> = Object.fromEntries(
  settingFlags.map(({ flag, value, says, variable, ...more }) => [
    flag,
    {
      value,
      says: `${says}, or ${variable}${flag in DEFAULTS ? ` (default ${DEFAULTS[flag]})` : ''}`,
      repeats: 'repeats' in more,
    },
  ]),
)

/** The launch: the one place where the composition root is started rather than imported. */
interface Composition {
  startLake(
    settings: ReturnType<typeof parseSettings>,
  ): Promise<{ readonly address: LakeAddress; stop(): Promise<void> }>
}

export const up: Command = {
  name: 'up',
  summary: 'Starts the lake and keeps it running until Ctrl-C or SIGTERM. Nothing acknowledged is lost by either.',
  arguments: [],
  flags,
  examples: [
    'lakelet up',
    'lakelet up --port 0 --data /srv/lake',
    'lakelet up --auth open',
    'lakelet up --lambda clean=http://127.0.0.1:9000/2015-03-31/functions/function/invocations',
  ],
  async run({ flags: given, environment, workingDirectory, terminal, signal }) {
    const settings = parseSettings(given, environment, workingDirectory)
    const { startLake } = (await import('../../main.ts')) as Composition
    const lake = await startLake(settings)
    const connection = await findConnection({
      flags: { data: settings.dataDirectory, endpoint: lake.address.endpoint },
      environment: {},
      workingDirectory,
    })
    terminal.result({ ...lake.address, dataDirectory: settings.dataDirectory })
    terminal.line(
      `${terminal.style('good', '✓')} The lake is up at ${terminal.style('strong', lake.address.endpoint)}, data in ${settings.dataDirectory}`,
    )
    if (settings.auth === 'open')
      terminal.line(terminal.style('bad', '  --auth open: any signature is accepted. For throwaway tests only.'))
    terminal.line(`  The console, signed in by this link once: ${await newConsoleLink(connection)}`)
    terminal.line('  To use it from another shell:')
    for (const line of exportLines(connection)) terminal.line(`    ${line}`)
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve()
      signal.addEventListener('abort', () => resolve(), { once: true })
    })
    terminal.line('Stopping…')
    await lake.stop()
    terminal.line('Stopped. Everything acknowledged is on disk.')
    return 0
  },
}
