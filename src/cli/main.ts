#!/usr/bin/env node
/** `lakelet`: finds the command, reads its arguments, runs it and turns failures into a sentence and an exit status. */
import { saysNoRoom } from '../platform/no-room.ts'
import { isRefusal } from '../platform/refusal.ts'
import { type Command, helpOf, parseCommandLine } from './command.ts'
import { apply } from './commands/apply.ts'
import { crawl } from './commands/crawl.ts'
import { demo } from './commands/demo.ts'
import { doctor } from './commands/doctor.ts'
import { env } from './commands/env.ts'
import { query } from './commands/query.ts'
import { simulate } from './commands/simulate.ts'
import { up } from './commands/up.ts'
import { openTerminal } from './terminal.ts'

const COMMANDS: readonly Command[] = [demo, up, apply, simulate, crawl, query, env, doctor]

const EXIT = { failed: 1, usage: 2 } as const

function overview(): string {
  const width = Math.max(...COMMANDS.map((command) => command.name.length))
  return [
    'lakelet: a streaming data lake in one process (Firehose, S3, Glue and Athena).',
    '',
    '  lakelet COMMAND [arguments] [flags]',
    '',
    ...COMMANDS.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`),
    '',
    'lakelet COMMAND --help says more.',
  ].join('\n')
}

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args
  if (name === undefined || name === 'help' || name === '--help') {
    process.stdout.write(`${overview()}\n`)
    return name === undefined ? EXIT.usage : 0
  }
  const command = COMMANDS.find((candidate) => candidate.name === name)
  if (command === undefined) {
    process.stderr.write(`lakelet: there is no command ${name}.\n\n${overview()}\n`)
    return EXIT.usage
  }
  const isJson = rest.includes('--json')
  try {
    const parsed = parseCommandLine(command, rest)
    if (parsed.switches.has('help')) {
      process.stdout.write(`${helpOf(command)}\n`)
      return 0
    }
    return await command.run({
      ...parsed,
      terminal: openTerminal(process.stdout, { json: isJson, environment: process.env }),
      environment: process.env,
      workingDirectory: process.cwd(),
      signal: interruption(),
    })
  } catch (error) {
    report(error, isJson)
    return isRefusal(error) && error.code === 'usage' ? EXIT.usage : EXIT.failed
  }
}

/** The first Ctrl-C or SIGTERM asks politely; a second one ends the process at once. */
function interruption(): AbortSignal {
  const controller = new AbortController()
  const stop = () => {
    if (controller.signal.aborted) process.exit(130)
    controller.abort(new Error('Interrupted.'))
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return controller.signal
}

/** Refusals and AWS errors are for people; anything else is a bug and shows where it happened. */
function report(error: unknown, isJson: boolean): void {
  const { name, code, message } = explain(error)
  if (isJson) {
    process.stdout.write(`${JSON.stringify({ error: { code: code ?? name, message } }, null, 2)}\n`)
    return
  }
  process.stderr.write(`lakelet: ${code === undefined ? '' : `${code}: `}${message}\n`)
}

function explain(error: unknown): { name: string; code?: string; message: string } {
  if (isRefusal(error)) return { name: error.code, message: error.message }
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) }
  const cause = error as NodeJS.ErrnoException & { $metadata?: unknown }
  if (cause.code === 'ECONNREFUSED') {
    return {
      name: 'connectionRefused',
      message: 'Nothing answers at that address. Is the lake up? Start it with lakelet up; lakelet doctor says more.',
    }
  }
  if (saysNoRoom(error)) {
    return {
      name: 'diskFull',
      message: `There is no room left on the disk: ${error.message}. Make room there, or choose another folder with --data.`,
    }
  }
  if (cause.$metadata !== undefined) return { name: error.name, code: error.name, message: error.message }
  return { name: error.name, message: error.stack ?? error.message }
}

process.exitCode = await main(process.argv.slice(2))
// Keep-alive sockets of the AWS clients would hold a finished command open for seconds.
process.exit()
