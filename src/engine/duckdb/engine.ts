/**
 * The Engine port on DuckDB. For each query: learn what must be known of its files, print the tree as one statement,
 * run it in an engine process that may read nothing but those files, and move the CSV it wrote to where it is wanted.
 */
import { createHash } from 'node:crypto'
import { mkdir, rename, rm } from 'node:fs/promises'
import { availableParallelism, totalmem } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '../../platform/clock.ts'
import type { Log } from '../../platform/log.ts'
import type { TypedQuery } from '../../sql/typed-tree.ts'
import {
  type Engine,
  type EngineAnswer,
  EngineFailure,
  type EngineQuery,
  type EngineWrite,
  type EngineWritten,
  SCAN_LIMIT,
  type ScanFile,
  type ScanSource,
} from '../engine.ts'
import type { QueryPlan } from '../plan.ts'
import { scannedBytes } from './bytes-scanned.ts'
import type { Conversion, ConvertOrder } from './child-protocol.ts'
import { blamingFile } from './damaged-file.ts'
import { compressionOf, conversionOf, FactsCache, type FileFacts } from './facts.ts'
import { failureOf } from './failures.ts'
import { withNarrowDecimals } from './narrow-decimals.ts'
import { PlainCopies, type PlainCopiesSettings } from './plain-copies.ts'
import { planOf, profileOf } from './plan.ts'
import { DuckDbError, type EngineProcess, ProcessPool } from './pool.ts'
import { attempts } from './prefix.ts'
import type { Decimals } from './print/context.ts'
import { type PrintedQuery, printQuery } from './print/query.ts'
import { quoted, type SqlText } from './print/text.ts'
import { renderText } from './render.ts'
import { hidesFailures, sampledFacts } from './sampled.ts'
import { type FactsOf, printScan } from './scan.ts'
import { factsKey, survey } from './survey.ts'
import { scansOf } from './tree-walk.ts'
import { avroOrders, filesIn, writeFiles } from './write.ts'

export interface DuckDbEngineParts {
  /** Wiped at start by its owner; answers and spilled data pass through it. */
  readonly stagingDirectory: string
  readonly clock: Clock
  readonly log: Log
  /** Engine processes at most; each runs one query at a time. */
  readonly processes?: number
  readonly threads?: number
  /** For all engine processes together. */
  readonly memoryLimitBytes?: number
  /** Where gzip files are unpacked to, for as long as there is room: a memory file system. */
  readonly plainCopies?: PlainCopiesSettings
}

const PROCESSES_DEFAULT = 2
/** Of the machine's memory, for all engine processes together. */
const MEMORY_SHARE = 0.5

export function openDuckDbEngine(parts: DuckDbEngineParts): Engine {
  return new DuckDbEngine(parts)
}

/** What is run, whatever becomes of its rows. */
type Planned = Omit<EngineQuery, 'csvPath'>

class DuckDbEngine implements Engine {
  readonly #parts: DuckDbEngineParts
  readonly #pool: ProcessPool
  readonly #facts = new FactsCache()
  readonly #copies: PlainCopies | undefined

  constructor(parts: DuckDbEngineParts) {
    this.#parts = parts
    if (parts.plainCopies !== undefined) this.#copies = new PlainCopies(parts.plainCopies)
    const size = parts.processes ?? PROCESSES_DEFAULT
    this.#pool = new ProcessPool(
      {
        size,
        threads: parts.threads ?? availableParallelism(),
        memoryLimitBytes: Math.floor((parts.memoryLimitBytes ?? totalmem() * MEMORY_SHARE) / size),
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
          this.#refuseTooMuch(attempt.query, 'text')
          const plain = await this.#unpacked(attempt.query, process)
          let plannedAtMs = clock.nowMs()
          const copy = async (sql: SqlText) => {
            plannedAtMs = clock.nowMs()
            this.#refuseTooMuch(attempt.query, 'all')
            return process.ask({ kind: 'copy', sql, header: headerRow(query.query), csvPath })
          }
          let rowCount: number
          try {
            const answered = await this.#fromSample(plain.query, plain.keysOf, copy)
            rowCount = (answered ?? (await this.#answered(plain.query, process, copy))).rowCount
          } finally {
            plain.release()
          }
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

  write(query: EngineWrite, signal: AbortSignal): Promise<EngineWritten> {
    const { clock } = this.#parts
    return this.#run(query, signal, async (process) => {
      const folder = join(process.writableDirectory, query.id)
      const startedAtMs = clock.nowMs()
      this.#refuseTooMuch(query, 'text')
      await mkdir(folder, { mode: 0o700 })
      const plain = await this.#unpacked(query, process)
      try {
        await this.#surveyAll(plain.query, process)
        this.#refuseTooMuch(query, 'all')
        const printed = this.#printed(plain.query, 'wide')
        const plannedAtMs = clock.nowMs()
        const rows = async (sql: SqlText) => (await process.ask({ kind: 'rows', sql })).rows
        const { rowCount, folders } = await writeFiles(query, printed, { folder, rows })
        const orders = await avroOrders(folder, folders, printed, query)
        if (orders.length > 0) await process.ask({ kind: 'encodeAvro', orders })
        await rename(folder, query.directory)
        return {
          rowCount,
          files: await filesIn(query.directory, folders),
          bytesScanned: scannedBytes(query, this.#factsOf(query)),
          planningMs: plannedAtMs - startedAtMs,
          executionMs: clock.nowMs() - plannedAtMs,
        }
      } catch (error) {
        await rm(folder, { recursive: true, force: true })
        throw error
      } finally {
        plain.release()
      }
    })
  }

  explain(query: EngineQuery, { analyze }: { readonly analyze: boolean }, signal: AbortSignal): Promise<QueryPlan> {
    return this.#run(query, signal, (process) =>
      analyze ? this.#profile(query, process) : this.#explain(overOneFile(query), query, process),
    )
  }

  async #explain(oneFile: EngineQuery, query: EngineQuery, process: EngineProcess): Promise<QueryPlan> {
    const simpler = await this.#converted(oneFile, process)
    await this.#surveyAll(simpler, process)
    const sql = this.#print(simpler, 'narrow')
    const { rows } = await process.ask({ kind: 'rows', sql: `EXPLAIN (FORMAT JSON) ${sql}` })
    return planOf(String(rows[0]?.[1] ?? ''), query)
  }

  async #profile(query: EngineQuery, process: EngineProcess): Promise<QueryPlan> {
    const { clock } = this.#parts
    const startedAtMs = clock.nowMs()
    this.#refuseTooMuch(query, 'text')
    const plain = await this.#unpacked(query, process)
    try {
      await this.#surveyAll(plain.query, process)
      this.#refuseTooMuch(query, 'all')
      const plannedAtMs = clock.nowMs()
      const { rows } = await withNarrowDecimals(
        (decimals) => `EXPLAIN (ANALYZE, FORMAT JSON) ${this.#print(plain.query, decimals)}`,
        (sql) => process.ask({ kind: 'rows', sql }),
      )
      const { root, ...measured } = profileOf(String(rows[0]?.[1] ?? ''), query)
      const planningMs = plannedAtMs - startedAtMs
      const executionMs = clock.nowMs() - plannedAtMs
      const bytesScanned = scannedBytes(query, this.#factsOf(query))
      return { root, figures: { ...measured, planningMs, executionMs, bytesScanned } }
    } finally {
      plain.release()
    }
  }

  /** Before anything is read: how much it will be, the sizes of files say, and of Parquet what was learnt of them. */
  #refuseTooMuch(query: Planned, of: 'text' | 'all'): void {
    const { bytesScannedMax } = query
    if (bytesScannedMax === undefined) return
    const bytes = scannedBytes(query, of === 'all' ? this.#factsOf(query) : undefined)
    if (bytes > bytesScannedMax)
      throw new EngineFailure(SCAN_LIMIT, `The query would read ${bytes} bytes and may read ${bytesScannedMax}.`)
  }

  warmUp(): void {
    this.#pool.warmUp()
  }

  async close(): Promise<void> {
    await this.#pool.close()
    await this.#copies?.close()
  }

  async #run<Result>(
    query: Planned,
    signal: AbortSignal,
    work: (process: EngineProcess) => Promise<Result>,
  ): Promise<Result> {
    const files = [...query.sources.values()].flatMap((source) => source.files)
    const locations = new Map(files.map((file) => [file.path, file.location]))
    for (const source of query.sources.values())
      for (const file of this.#unpackable(source)) locations.set(this.#copies?.pathOf(file) ?? '', file.location)
    try {
      return await this.#pool.use(signal, async (process) => {
        await process.ask({ kind: 'open', paths: [...locations.keys()] })
        for (const file of files) locations.set(convertedPath(file, query, process), file.location)
        try {
          return await work(process)
        } catch (error) {
          throw await blamingFile(error, files, (paths) => measureGzip(process, paths, []))
        } finally {
          await rm(convertedFolder(query, process), { recursive: true, force: true })
        }
      })
    } catch (error) {
      if (signal.aborted) throw error
      throw failureOf(error, locations) ?? unexpected(error)
    }
  }

  async #surveyAll(query: Planned, process: EngineProcess): Promise<void> {
    for (const source of query.sources.values()) await this.#survey(source, process)
  }

  async #answered<Answer>(
    query: EngineQuery,
    process: EngineProcess,
    copy: (sql: SqlText) => Promise<Answer>,
  ): Promise<Answer> {
    await this.#surveyAll(query, process)
    return withNarrowDecimals((decimals) => this.#print(query, decimals), copy)
  }

  /** Answers from samples of the files not surveyed, where that can be proven; undefined: it cannot. */
  async #fromSample(
    query: EngineQuery,
    keysOf: (file: ScanFile) => readonly string[] | undefined,
    copy: (sql: SqlText) => Promise<{ rowCount: number }>,
  ): Promise<{ rowCount: number } | undefined> {
    const wanted = wantedColumns(query)
    const sampled = new Map<string, FileFacts>()
    for (const [scanId, source] of query.sources) {
      for (const file of source.files) {
        if (this.#facts.get(factsKey(file, source)) !== undefined) continue
        const facts = sampledFacts(source, wanted.get(scanId) ?? [], keysOf(file))
        if (facts === undefined) return undefined
        sampled.set(factsKey(file, source), facts)
      }
    }
    if (sampled.size === 0) return undefined
    const sql = this.#print(query, 'narrow', sampled)
    if (hidesFailures(sql)) return undefined
    try {
      return await copy(sql)
    } catch (error) {
      // Of the query or of the sample: over surveyed files it will show.
      if (error instanceof DuckDbError) return undefined
      throw error
    }
  }

  /** The query over files that DuckDB can read, which are there until it has ended. */
  async #converted<Query extends Planned>(query: Query, process: EngineProcess): Promise<Query> {
    const sources = new Map<number, ScanSource>()
    for (const [scanId, source] of query.sources)
      sources.set(scanId, await this.#convertedSource(source, query, process))
    return { ...query, sources }
  }

  async #convertedSource(source: ScanSource, query: Planned, process: EngineProcess): Promise<ScanSource> {
    const orders = source.files.flatMap((file): ConvertOrder[] => {
      const conversion = conversionIn(source, file)
      return conversion === undefined
        ? []
        : [{ path: file.path, target: convertedPath(file, query, process), conversion }]
    })
    if (orders.length === 0) return source
    await mkdir(convertedFolder(query, process), { recursive: true, mode: 0o700 })
    const { files: made } = await process.ask({ kind: 'convert', orders })
    const byPath = new Map(made.map((converted) => [converted.path, converted]))
    const files = source.files.map((file): ScanFile => {
      const converted = byPath.get(file.path)
      if (converted === undefined) return file
      if (converted.damage !== undefined)
        throw new EngineFailure('HIVE_CURSOR_ERROR', `Failed to read file at ${file.location}: ${converted.damage}`)
      const path = convertedPath(file, query, process)
      return { ...file, path, versionKey: `${file.versionKey} plain`, unpackedBytes: converted.plainBytes }
    })
    return { ...source, files, format: readAs(source.format) }
  }

  /** The query over plain copies of its gzip files, as far as there is room for them. */
  async #unpacked<Query extends Planned>(
    given: Query,
    process: EngineProcess,
  ): Promise<{ query: Query; keysOf: (file: ScanFile) => readonly string[] | undefined; release(): void }> {
    const query = await this.#converted(given, process)
    const files = [...query.sources.values()].flatMap((source) => this.#unpackable(source))
    if (this.#copies === undefined || files.length === 0)
      return { query, keysOf: () => undefined, release: () => undefined }
    const { plain, release } = await this.#copies.take(
      files,
      async (orders) => (await process.ask({ kind: 'unpack', orders })).files,
    )
    const sources = [...query.sources].map(([scanId, source]): [number, ScanSource] => {
      if (this.#unpackable(source).length === 0) return [scanId, source]
      const local = source.files.map((file) => {
        const copy = plain.get(file.versionKey)
        return copy === undefined || compressionOf(file) !== 'gzip'
          ? file
          : { ...file, path: copy.path, unpackedBytes: copy.bytes }
      })
      return [scanId, { ...source, files: local }]
    })
    return {
      query: { ...query, sources: new Map(sources) },
      keysOf: (file) => plain.get(file.versionKey)?.keys,
      release,
    }
  }

  #unpackable(source: ScanSource): readonly ScanFile[] {
    if (this.#copies === undefined || source.format.kind === 'parquet' || isConverted(source.format)) return []
    return source.files.filter((file) => file.unpackedBytes === undefined && compressionOf(file) === 'gzip')
  }

  #survey(source: ScanSource, process: EngineProcess): Promise<void> {
    return survey(source, this.#facts, {
      rows: async (sql) => (await process.ask({ kind: 'rows', sql })).rows,
      measureGzip: (paths, expected) => measureGzip(process, paths, expected),
    })
  }

  #print(query: EngineQuery, decimals: Decimals, sampled?: ReadonlyMap<string, FileFacts>): SqlText {
    const printed = this.#printed(query, decimals, sampled)
    const texts = printed.columns.map(({ column, type }) => `${renderText(`r.${column}`, type)} AS ${column}`)
    return `SELECT ${texts.join(', ')} FROM (${printed.sql}) AS r`
  }

  #printed(query: Planned, decimals: Decimals, sampled?: ReadonlyMap<string, FileFacts>): PrintedQuery {
    const { relation } = query.query
    const scans = new Map(scansOf(relation).map((node) => [node.scanId, node]))
    const factsOf = this.#factsOf(query, sampled)
    const scan = (scanId: number) => {
      const [node, source] = [scans.get(scanId), query.sources.get(scanId)]
      if (node === undefined || source === undefined) throw new Error(`Scan ${scanId} has no source.`)
      return printScan(node, source, factsOf(source))
    }
    return printQuery(query.query, scan, query.session, decimals)
  }

  #factsOf(query: Planned, sampled?: ReadonlyMap<string, FileFacts>): (source: ScanSource) => FactsOf {
    return (source) => (file) => {
      const key = factsKey(file, source)
      return this.#facts.get(key) ?? sampled?.get(key) ?? noFacts(source, query)
    }
  }
}

/** Records that were converted are lines of JSON; CloudTrail's columns of text may hold whole objects. */
function readAs(format: ScanSource['format']): ScanSource['format'] {
  if (!isConverted(format)) return format
  return {
    kind: 'json',
    serde: format.kind === 'cloudtrail' ? 'openx' : 'hive',
    ignoreMalformed: false,
    caseInsensitive: true,
    dotsInKeys: false,
    mapping: {},
    timestampFormats: [],
  }
}

/** Whatever the file is called. */
function isConverted(
  format: ScanSource['format'],
): format is Extract<ScanSource['format'], { kind: 'avro' | 'cloudtrail' }> {
  return format.kind === 'avro' || format.kind === 'cloudtrail'
}

function conversionIn({ format }: ScanSource, file: ScanFile): Conversion | undefined {
  if (isConverted(format)) return format.kind
  return format.kind === 'parquet' ? undefined : conversionOf(file)
}

function convertedFolder({ id }: Planned, process: EngineProcess): string {
  return join(process.writableDirectory, `${id}.plain`)
}

function convertedPath(file: ScanFile, query: Planned, process: EngineProcess): string {
  return join(convertedFolder(query, process), createHash('sha256').update(file.versionKey).digest('hex'))
}

/** Data columns by scan. */
function wantedColumns(query: EngineQuery): ReadonlyMap<number, readonly string[]> {
  return new Map(
    scansOf(query.query.relation).map((node) => [
      node.scanId,
      node.fields.filter((field) => field.source === 'data').map((field) => field.column),
    ]),
  )
}

/** One file of each table shows the shape of the plan; learning about all of them would cost a query. */
function overOneFile(query: EngineQuery): EngineQuery {
  const sources = [...query.sources].map(([scanId, source]): [number, ScanSource] => [
    scanId,
    { ...source, files: source.files.slice(0, 1) },
  ])
  return { ...query, sources: new Map(sources) }
}

function noFacts(source: ScanSource, query: Planned): FileFacts {
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
