/**
 * A command is a value: what it is called, what it takes, what it does. This file turns values into an argument parser
 * and help pages; `commands/` holds the values.
 */
import { parseArgs } from 'node:util'
import { Refusal } from '../platform/refusal.ts'
import type { Terminal } from './terminal.ts'

export interface Flag {
  /** Absent: a switch. */
  readonly value?: string
  readonly says: string
  readonly default?: string
  /** May be given several times: the values are joined by blanks. */
  readonly repeats?: boolean
}

export interface Command {
  readonly name: string
  readonly summary: string
  /** Positional arguments, in order; all are required. */
  readonly arguments: readonly { readonly name: string; readonly says: string }[]
  readonly flags: Readonly<Record<string, Flag>>
  readonly examples: readonly string[]
  /** Resolves to the exit status. Refusals are thrown and printed by the caller. */
  run(input: CommandInput): Promise<number>
}

export interface CommandInput {
  readonly arguments: readonly string[]
  readonly flags: Readonly<Record<string, string | undefined>>
  readonly switches: ReadonlySet<string>
  readonly terminal: Terminal
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly workingDirectory: string
  /** Aborts on the first Ctrl-C. */
  readonly signal: AbortSignal
}

/** Every command has these. */
const COMMON_FLAGS: Readonly<Record<string, Flag>> = {
  json: { says: 'print JSON for programs instead of text for people' },
  help: { says: 'show this help' },
}

export interface ParsedCommand {
  readonly arguments: readonly string[]
  readonly flags: Readonly<Record<string, string | undefined>>
  readonly switches: ReadonlySet<string>
}

export function parseCommandLine(command: Command, args: readonly string[]): ParsedCommand {
  const flags = { ...command.flags, ...COMMON_FLAGS }
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, flag]) => [
      name,
      {
        type: flag.value === undefined ? ('boolean' as const) : ('string' as const),
        multiple: flag.repeats === true,
        ...(name === 'help' && { short: 'h' }),
      },
    ]),
  )
  let parsed: { values: Record<string, string | boolean | (string | boolean)[] | undefined>; positionals: string[] }
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
  } catch (cause) {
    throw usage(command, (cause as Error).message.replace(/\. To specify.*$/s, '.'))
  }
  const switches = new Set(Object.keys(parsed.values).filter((name) => parsed.values[name] === true))
  if (!switches.has('help') && parsed.positionals.length !== command.arguments.length) {
    const [wanted] = command.arguments
    const given = parsed.positionals.length
    throw usage(
      command,
      wanted === undefined
        ? `it takes no arguments; ${given} given.`
        : `it takes one argument, ${wanted.name} (${wanted.says}); ${given} given.${given > 1 ? ' Does it need quotes?' : ''}`,
    )
  }
  const texts: Record<string, string | undefined> = {}
  for (const [name, flag] of Object.entries(flags)) {
    const given = parsed.values[name]
    const text = Array.isArray(given) ? given.join(' ') : given
    texts[name] = typeof text === 'string' ? text : flag.default
  }
  return { arguments: parsed.positionals, flags: texts, switches }
}

function usage(command: Command, problem: string): Refusal {
  return new Refusal('usage', `${command.name}: ${problem}\nSee lakelet ${command.name} --help.`)
}

/** `columns`: the width to fold at. */
export function helpOf(command: Command, columns: number): string {
  const positional = command.arguments.map((argument) => ` ${argument.name}`).join('')
  const flags = Object.entries({ ...command.flags, ...COMMON_FLAGS }).map(([name, flag]): [string, string] => [
    `--${name}${flag.value === undefined ? '' : ` ${flag.value}`}`,
    flag.default === undefined ? flag.says : `${flag.says} (default ${flag.default})`,
  ])
  const rows = [...command.arguments.map((argument): [string, string] => [argument.name, argument.says]), ...flags]
  return [
    ...folded(command.summary, columns),
    '',
    `  lakelet ${command.name}${positional} [flags]`,
    '',
    ...inLines(rows, columns),
    '',
    'Examples:',
    ...command.examples.map((example) => `  ${example}`),
  ].join('\n')
}

/** Names on the left, what they mean on the right, folded under itself. */
export function inLines(rows: readonly (readonly [string, string])[], columns: number): string[] {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.flatMap(([left, right]) =>
    folded(right, columns - width - 4).map((line, index) => `  ${(index === 0 ? left : '').padEnd(width)}  ${line}`),
  )
}

/** Narrower than this nothing is folded: it would not be easier to read. */
const FOLD_COLUMNS_MIN = 20

function folded(text: string, columns: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= Math.max(columns, FOLD_COLUMNS_MIN))
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

/** A whole number of at least `low`, given as a flag. */
export function wholeNumber(name: string, text: string | undefined, low: number): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d+$/.test(text) || Number(text) < low || !Number.isSafeInteger(Number(text)))
    throw new Refusal('usage', `--${name} must be a whole number of at least ${low}, not ${JSON.stringify(text)}.`)
  return Number(text)
}
