#!/usr/bin/env node
/** `lakelet`: finds the command, reads its arguments, runs it and turns failures into a sentence and an exit status. */
import { readFile } from 'node:fs/promises'
import { isRefusal } from '../platform/refusal.ts'
import { type Command, helpOf, inLines, parseCommandLine } from './command.ts'
import { apply } from './commands/apply.ts'
import { backup } from './commands/backup.ts'
import { consoleLink } from './commands/console.ts'
import { crawl } from './commands/crawl.ts'
import { crawlExplain } from './commands/crawl-explain.ts'
import { demo } from './commands/demo.ts'
import { doctor } from './commands/doctor.ts'
import { env } from './commands/env.ts'
import { keys } from './commands/keys.ts'
import { lifecycle } from './commands/lifecycle.ts'
import { query } from './commands/query.ts'
import { restore } from './commands/restore.ts'
import { scrub } from './commands/scrub.ts'
import { simulate } from './commands/simulate.ts'
import { up } from './commands/up.ts'
import { explain, failureText, Interrupted } from './failure.ts'
import { openTerminal } from './terminal.ts'

const COMMANDS: readonly Command[] = [
  demo,
  up,
  apply,
  simulate,
  crawl,
  crawlExplain,
  query,
  consoleLink,
  keys,
  lifecycle,
  scrub,
  backup,
  restore,
  env,
  doctor,
]

const EXIT = { failed: 1, usage: 2, interrupted: 130 } as const

/** The AWS SDK's advice to use a newer Node for newer SDKs is for programs that choose their SDK: ours is locked. */
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true'

/** Lines for people are as wide as the terminal, and at most this. */
const HELP_COLUMNS_MAX = 100
const helpColumns = Math.min(process.stdout.columns ?? HELP_COLUMNS_MAX, HELP_COLUMNS_MAX)

function overview(): string {
  return [
    'lakelet: a streaming data lake in one process (Firehose, S3, Glue and Athena).',
    '',
    '  lakelet COMMAND [arguments] [flags]',
    '',
    ...inLines(
      COMMANDS.map((command) => [command.name, command.summary]),
      helpColumns,
    ),
    '',
    'lakelet COMMAND --help says more; lakelet --version says which one this is.',
  ].join('\n')
}

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args[0] === 'help' ? [args[1] ?? '--help', ...args.slice(2), '--help'] : args
  if (name === undefined || name === '--help' || name === '-h') {
    const stream = name === undefined ? process.stderr : process.stdout
    stream.write(`${overview()}\n`)
    return name === undefined ? EXIT.usage : 0
  }
  if (name === '--version' || name === '-v') {
    process.stdout.write(`lakelet ${await ownVersion()}\n`)
    return 0
  }
  // `crawl explain` is a command of its own; a crawler named explain is run by `crawl -- explain`.
  const ofTwoWords = COMMANDS.find((candidate) => candidate.name === `${name} ${rest[0]}`)
  const command = ofTwoWords ?? COMMANDS.find((candidate) => candidate.name === name)
  if (command === undefined) {
    process.stderr.write(`lakelet: there is no command ${name}.\n\n${overview()}\n`)
    return EXIT.usage
  }
  const isJson = rest.includes('--json')
  try {
    const parsed = parseCommandLine(command, command === ofTwoWords ? rest.slice(1) : rest)
    if (parsed.switches.has('help')) {
      process.stdout.write(`${helpOf(command, helpColumns)}\n`)
      return 0
    }
    return await command.run({
      ...parsed,
      terminal: openTerminal(process.stdout, { json: isJson, environment: process.env, remarks: process.stderr }),
      environment: process.env,
      workingDirectory: process.cwd(),
      signal: interruption(),
    })
  } catch (error) {
    report(error, isJson)
    if (error instanceof Interrupted) return EXIT.interrupted
    return isRefusal(error) && error.code === 'usage' ? EXIT.usage : EXIT.failed
  }
}

/** How often a command run by npm looks whether npm is still there. */
const PARENT_EVERY_MS = 200

/** npm passes on the Ctrl-C that the terminal has already sent to everyone: what comes this soon is the same one. */
const SAME_SIGNAL_MS = 500

/** The first Ctrl-C or SIGTERM asks politely; a second one ends the process at once. */
function interruption(): AbortSignal {
  const controller = new AbortController()
  let firstAt: number | undefined
  const stop = () => {
    firstAt ??= performance.now()
    if (performance.now() - firstAt > SAME_SIGNAL_MS) process.exit(EXIT.interrupted)
    controller.abort(new Interrupted())
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  if (process.env['npm_lifecycle_event'] !== undefined) onceOrphaned(() => controller.abort(new Interrupted()))
  return controller.signal
}

/**
 * npm and npx put a shell between themselves and the program, and a signal to them ends the shell alone: the program
 * would go on with nobody to stop it. A new parent is how it learns of that.
 */
function onceOrphaned(then: () => void): void {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    then()
  }, PARENT_EVERY_MS)
  timer.unref()
}

function report(error: unknown, isJson: boolean): void {
  if (isJson) process.stdout.write(`${JSON.stringify({ error: explain(error) }, null, 2)}\n`)
  else process.stderr.write(`${process.stderr.isTTY ? '\r\u001b[2K' : ''}${failureText(error)}\n`)
}

async function ownVersion(): Promise<string> {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}

/** A reader that has seen enough (`| head`) ends the command quietly. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : EXIT.failed)
})
const status = await main(process.argv.slice(2))
// Ends as soon as all is written: keep-alive sockets of the AWS clients would hold a finished command open for seconds.
process.stdout.write('', () => process.exit(status))
