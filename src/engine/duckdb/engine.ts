/**
 * The Engine port on DuckDB. For each query: learn what must be known of its files, print the tree as one statement,
 * run it in an engine process that may read nothing but those files, and move the CSV it wrote to where it is wanted.
 */
import { rename, rm } from 'node:fs/promises'
import { availableParallelism, totalmem } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '../../platform/clock.ts'
import type { Log } from '../../platform/log.ts'
import type { TypedQuery } from '../../sql/typed-tree.ts'
import { type Engine, type EngineAnswer, EngineFailure, type EngineQuery, type ScanSource } from '../engine.ts'
import { scannedBytes } from './bytes-scanned.ts'
import { blamingFile } from './damaged-file.ts'
import { FactsCache, type FileFacts } from './facts.ts'
import { failureOf } from './failures.ts'
import { type EngineProcess, ProcessPool } from './pool.ts'
import { attempts } from './prefix.ts'
import { printQuery } from './print/query.ts'
import { quoted, type SqlText } from './print/text.ts'
import { renderText } from './render.ts'
import { type FactsOf, printScan } from './scan.ts'
import { factsKey, survey } from './survey.ts'
import { scansOf } from './tree-walk.ts'

export interface DuckDbEngineParts {
  /** Wiped at start by its owner; answers and spilled data pass through it. */
  readonly stagingDirectory: string
  readonly clock: Clock
  readonly log: Log
  /** Engine processes at most; each runs one query at a time. */
  readonly processes?: number
  readonly threads?: number
  readonly memoryLimitBytes?: number
}

const PROCESSES_DEFAULT = 2
/** Of the machine's memory, for all engine processes together. */
const MEMORY_SHARE = 0.5

export function openDuckDbEngine(parts: DuckDbEngineParts): Engine {
  return new DuckDbEngine(parts)
}

class DuckDbEngine implements Engine {
  readonly #parts: DuckDbEngineParts
  readonly #pool: ProcessPool
  readonly #facts = new FactsCache()

  constructor(parts: DuckDbEngineParts) {
    this.#parts = parts
    const size = parts.processes ?? PROCESSES_DEFAULT
    this.#pool = new ProcessPool(
      {
        size,
        threads: parts.threads ?? availableParallelism(),
        memoryLimitBytes: parts.memoryLimitBytes ?? (totalmem() * MEMORY_SHARE) / size,
        directory: parts.stagingDirectory,
      },
      parts.clock,
      parts.log,
    )
  }

  execute(query: EngineQuery, signal: AbortSignal): Promise<EngineAnswer> {
    const { clock } = this.#parts
    return this.#run(query, signal, async (process) => {
      const csvPath = join(process.writableDirectory, `${query.id}.csv`)
      let planningMs = 0
      let executionMs = 0
      try {
        for (const attempt of attempts(query)) {
          const startedAtMs = clock.nowMs()
          const sql = await this.#plan(attempt.query, process)
          const plannedAtMs = clock.nowMs()
          const { rowCount } = await process.ask({ kind: 'copy', sql, header: headerRow(query.query), csvPath })
          planningMs += plannedAtMs - startedAtMs
          executionMs += clock.nowMs() - plannedAtMs
          if (rowCount < attempt.enoughRows) continue
          await rename(csvPath, query.csvPath)
          const bytesScanned = scannedBytes(attempt.query, this.#factsOf(query))
          return { rowCount, bytesScanned, planningMs, executionMs }
        }
        throw new Error(`No attempt at query ${query.id} covered all files.`)
      } catch (error) {
        await rm(csvPath, { force: true })
        throw error
      }
    })
  }

  explain(query: EngineQuery, signal: AbortSignal): Promise<string> {
    return this.#run(query, signal, async (process) => {
      const sql = await this.#plan(overOneFile(query), process)
      const { rows } = await process.ask({ kind: 'rows', sql: `EXPLAIN ${sql}` })
      return withoutLocalPaths(rows.map((row) => String(row[1] ?? '')).join('\n'), query)
    })
  }

  close(): Promise<void> {
    return this.#pool.close()
  }

  async #run<Result>(
    query: EngineQuery,
    signal: AbortSignal,
    work: (process: EngineProcess) => Promise<Result>,
  ): Promise<Result> {
    const files = [...query.sources.values()].flatMap((source) => source.files)
    const locations = new Map(files.map((file) => [file.path, file.location]))
    try {
      return await this.#pool.use(signal, async (process) => {
        await process.ask({ kind: 'open', paths: [...locations.keys()] })
        try {
          return await work(process)
        } catch (error) {
          throw await blamingFile(error, files, (paths) => measureGzip(process, paths, []))
        }
      })
    } catch (error) {
      if (signal.aborted) throw error
      throw failureOf(error, locations) ?? unexpected(error)
    }
  }

  async #plan(query: EngineQuery, process: EngineProcess): Promise<SqlText> {
    for (const source of query.sources.values()) await this.#survey(source, process)
    return this.#print(query)
  }

  #survey(source: ScanSource, process: EngineProcess): Promise<void> {
    return survey(source, this.#facts, {
      rows: async (sql) => (await process.ask({ kind: 'rows', sql })).rows,
      measureGzip: (paths, expected) => measureGzip(process, paths, expected),
    })
  }

  #print(query: EngineQuery): SqlText {
    const { relation } = query.query
    const scans = new Map(scansOf(relation).map((node) => [node.scanId, node]))
    const factsOf = this.#factsOf(query)
    const scan = (scanId: number) => {
      const [node, source] = [scans.get(scanId), query.sources.get(scanId)]
      if (node === undefined || source === undefined) throw new Error(`Scan ${scanId} has no source.`)
      return printScan(node, source, factsOf(source))
    }
    const printed = printQuery(query.query, scan, query.session)
    const texts = printed.columns.map(({ column, type }) => `${renderText(`r.${column}`, type)} AS ${column}`)
    return `SELECT ${texts.join(', ')} FROM (${printed.sql}) AS r`
  }

  #factsOf(query: EngineQuery): (source: ScanSource) => FactsOf {
    return (source) => (file) => this.#facts.get(factsKey(file, source)) ?? noFacts(source, query)
  }
}

/** One file of each table shows the shape of the plan; learning about all of them would cost a query. */
function overOneFile(query: EngineQuery): EngineQuery {
  const sources = [...query.sources].map(([scanId, source]): [number, ScanSource] => [
    scanId,
    { ...source, files: source.files.slice(0, 1) },
  ])
  return { ...query, sources: new Map(sources) }
}

/** A plan may name files: by where they are in the lake, not by where they are on this machine. */
function withoutLocalPaths(plan: string, query: EngineQuery): string {
  const files = [...query.sources.values()].flatMap((source) => source.files)
  return files.reduce((text, file) => text.replaceAll(file.path, file.location), plan)
}

function noFacts(source: ScanSource, query: EngineQuery): FileFacts {
  if (source.format.kind === 'parquet') throw new Error(`A file of query ${query.id} was not surveyed.`)
  return { kind: 'json', isRegular: false, spelling: new Map() }
}

async function measureGzip(process: EngineProcess, paths: readonly string[], expected: readonly number[]) {
  return (await process.ask({ kind: 'measureGzip', paths, expected })).sizes
}

function headerRow(query: TypedQuery): string {
  return `${query.output.map((field) => quoted(field.name)).join(',')}\n`
}

/** The engine's first line says what; the statement and the stack below it are for the log. */
function unexpected(error: unknown): EngineFailure {
  const text = error instanceof Error ? error.message : String(error)
  return new EngineFailure('GENERIC_INTERNAL_ERROR', text.split('\n', 1)[0] ?? '', error)
}
