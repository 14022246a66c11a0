/** Has the lake read itself, and shows what is wrong. */
import { adminEvents } from '../admin-call.ts'
import type { Command } from '../command.ts'
import { connectionFlags, findConnection } from '../connection.ts'
import { barText, bytesText, countText, type Terminal } from '../terminal.ts'

interface Figures {
  readonly versions: number
  readonly parts: number
  readonly bytes: number
  readonly files: number
  readonly locked: number
  readonly problems: number
}

interface Problem {
  readonly kind: string
  readonly bucket?: string
  readonly key?: string
  readonly versionId?: string
  readonly says: string
  readonly advice: string
}

type Event =
  | {
      readonly event: 'progress'
      readonly stage: 'database' | 'files' | 'objects'
      readonly figures: Figures
      readonly of?: { readonly versions: number; readonly bytes: number }
    }
  | { readonly event: 'problem'; readonly problem: Problem }
  | { readonly event: 'done'; readonly figures: Figures }

/** Whatever is over sooner needs no bar. */
const BAR_AFTER_MS = 1_000
/** With --json problems are one document; a lake this broken is described well enough by the first ones. */
const PROBLEMS_KEPT_MAX = 100_000

export const scrub: Command = {
  name: 'scrub',
  summary:
    'Reads the whole lake beside its work: every stored byte is decrypted and held against its checksums, and the database against the files. Ends with status 1 when something is wrong.',
  arguments: [],
  flags: { bucket: { value: 'B', says: 'only the objects of this bucket' }, ...connectionFlags },
  examples: ['lakelet scrub', 'lakelet scrub --bucket how.raw --json'],
  async run(input) {
    const { terminal, flags, signal } = input
    const connection = await findConnection(input)
    const query: Record<string, string> = flags['bucket'] === undefined ? {} : { bucket: flags['bucket'] }
    const problems: Problem[] = []
    let figures: Figures | undefined
    const startedAt = performance.now()
    const request = { method: 'POST', path: '/_lakelet/scrub', query } as const
    for await (const event of adminEvents<Event>(connection, request, signal)) {
      if (event.event === 'problem') {
        showProblem(event.problem, terminal)
        if (problems.length < PROBLEMS_KEPT_MAX) problems.push(event.problem)
      } else if (event.event === 'done') figures = event.figures
      else if (performance.now() - startedAt > BAR_AFTER_MS) terminal.live(progressText(event))
    }
    if (figures === undefined) throw new Error('A scrub ended without its figures.')
    const { versions, parts, bytes, locked } = figures
    const read = `${countText(versions)} versions and ${countText(parts)} parts of uploads read, ${bytesText(bytes)}${locked === 0 ? '' : ` (of ${countText(locked)} only the length: their keys are not at hand)`}`
    terminal.settle(
      figures.problems === 0
        ? `${terminal.style('good', '✓')} ${read}: all is well.`
        : `${terminal.style('bad', '✗')} ${read}: ${countText(figures.problems)} ${figures.problems === 1 ? 'problem' : 'problems'}.`,
    )
    terminal.result({ ...figures, problems })
    return figures.problems === 0 ? 0 : 1
  },
}

function showProblem({ kind, bucket, key, versionId, says, advice }: Problem, terminal: Terminal): void {
  const version = versionId === undefined || versionId === 'null' ? '' : ` version ${versionId}`
  const where = bucket === undefined ? '' : `s3://${bucket}/${key}${version}: `
  terminal.line(`${terminal.style('bad', '✗')} ${kind}: ${where}${says}`)
  terminal.line(`  ${advice}`)
}

const STAGES = { database: 'Checking the database', files: 'Looking through the folders', objects: 'Reading objects' }

function progressText({ stage, figures, of }: Extract<Event, { event: 'progress' }>): string {
  if (stage !== 'objects' || of === undefined) return `${STAGES[stage]}…`
  const share = (figures.bytes + figures.versions) / Math.max(1, of.bytes + of.versions)
  return `${STAGES[stage]} ${barText(share)} ${countText(figures.versions)} versions · ${bytesText(figures.bytes)}`
}
