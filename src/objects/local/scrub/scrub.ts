/**
 * Reads the whole store to see whether it is what it says it is: the database is asked about itself, folders are
 * compared with it, and every stored byte is decrypted, authenticated and digested again.
 *
 * It runs beside a lake in use. Work is done on threads of low priority, a page of versions at a time, so memory stays
 * flat; versions are pinned while they are read, so what is deleted meanwhile is no finding; each check of the database
 * looks at one state of it. What is written behind the reader is not read.
 */
import type { Clock } from '../../../platform/clock.ts'
import type { FileSystem } from '../../../platform/file-system.ts'
import type { MetadataDatabase } from '../../../platform/sqlite.ts'
import type { ScrubEvent, ScrubFigures, ScrubProblem, ScrubStage } from '../../scrub-events.ts'
import type { BlobStore } from '../blob-store.ts'
import type { BucketRow, BucketTable } from '../bucket-table.ts'
import { ByteThreads } from '../byte-threads.ts'
import { bucketTotals, databaseFindings, type Totals } from './database.ts'
import { strayFiles } from './files.ts'
import { readParts, readVersions } from './versions.ts'

export interface ScrubParts {
  readonly database: MetadataDatabase
  readonly blobs: BlobStore
  readonly buckets: BucketTable
  readonly files: FileSystem
  readonly clock: Clock
  /** They stay open. Default: one of its own, which gives way to others. */
  readonly threads?: ByteThreads | undefined
}

export interface ScrubRequest {
  /** undefined: all of them, and the database and the folders too. */
  readonly bucket: BucketRow | undefined
  readonly signal: AbortSignal
}

/** Progress is told this often at most, and while something long is awaited also at least. */
const PROGRESS_EVERY_MS = 500

/** What the checks report to `scrub`: trouble, and how far they are. */
export type Finding = { readonly problem: ScrubProblem } | { readonly counted: Partial<ScrubFigures> }

export async function* scrub(parts: ScrubParts, request: ScrubRequest): AsyncGenerator<ScrubEvent, void> {
  const { clock, database, threads = new ByteThreads(1, 'patient') } = parts
  const { bucket: only, signal } = request
  let figures: ScrubFigures = { versions: 0, parts: 0, bytes: 0, files: 0, locked: 0, problems: 0 }
  let of: Totals | undefined
  let toldAtMs = Number.NEGATIVE_INFINITY

  async function* stage<Result>(
    name: ScrubStage,
    findings: AsyncGenerator<Finding, Result>,
  ): AsyncGenerator<ScrubEvent, Result> {
    const going = alive(findings, clock)
    try {
      for (let step = await going.next(); ; step = await going.next()) {
        if (step.done) return step.value
        signal.throwIfAborted()
        const finding = step.value
        if (finding !== undefined && 'problem' in finding) {
          figures = { ...figures, problems: figures.problems + 1 }
          yield { event: 'problem', problem: finding.problem }
        } else if (finding !== undefined) figures = sum(figures, finding.counted)
        if (clock.nowMs() - toldAtMs < PROGRESS_EVERY_MS) continue
        toldAtMs = clock.nowMs()
        yield { event: 'progress', stage: name, figures, ...(of && { of }) }
      }
    } finally {
      await going.return(undefined as Result)
    }
  }

  try {
    if (only === undefined) {
      of = yield* stage('database', databaseFindings(database.path, signal))
      yield* stage('files', strayFiles(parts))
    } else of = await bucketTotals(database.path, only.id, signal)
    for (const bucket of only === undefined ? parts.buckets.all() : [only]) {
      yield* stage('objects', readVersions(bucket, { ...parts, threads, signal }))
      yield* stage('objects', readParts(bucket, { ...parts, threads, signal }))
    }
    yield { event: 'done', figures }
  } finally {
    if (parts.threads === undefined) await threads.close()
  }
}

function sum(figures: ScrubFigures, counted: Partial<ScrubFigures>): ScrubFigures {
  const { versions = 0, parts = 0, bytes = 0, files = 0, locked = 0 } = counted
  return {
    ...figures,
    versions: figures.versions + versions,
    parts: figures.parts + parts,
    bytes: figures.bytes + bytes,
    files: figures.files + files,
    locked: figures.locked + locked,
  }
}

/** Gives undefined now and then while the next item is awaited, so that whoever listens knows that it goes on. */
async function* alive<Item, Result>(
  items: AsyncGenerator<Item, Result>,
  clock: Clock,
): AsyncGenerator<Item | undefined, Result> {
  try {
    for (;;) {
      const next = items.next()
      // Awaited below unless the reader leaves first; then its outcome matters to nobody.
      next.catch(() => undefined)
      let step = await soon(next, clock)
      while (step === undefined) {
        yield undefined
        step = await soon(next, clock)
      }
      if (step.done) return step.value
      yield step.value
    }
  } finally {
    await items.return(undefined as Result)
  }
}

async function soon<Result>(promise: Promise<Result>, clock: Clock): Promise<Result | undefined> {
  let timer: { cancel(): void } | undefined
  const tired = new Promise<undefined>((resolve) => {
    timer = clock.after(PROGRESS_EVERY_MS, () => resolve(undefined))
  })
  try {
    return await Promise.race([promise, tired])
  } finally {
    timer?.cancel()
  }
}
