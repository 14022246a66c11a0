/**
 * The process that holds DuckDB. An instance may read the files of one query and no others, and is used again only by a
 * query over exactly the same files (over none, mostly): what it remembers of them is then of use. For all other queries
 * a new instance is made ready while the child is idle, so that they do not wait for it.
 */
import { truncate } from 'node:fs/promises'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import type { ChildReply, ChildRequest, ChildSettings, FromChild, ToChild } from './child-protocol.ts'
import { convert } from './convert.ts'
import { encodeAvro } from './encode-avro.ts'
import { installFunctions, installGeospatial } from './functions/install.ts'
import { measureGzip } from './gzip-size.ts'
import { installLineFunctions } from './line-functions.ts'
import { literal } from './print/text.ts'
import { installMacros } from './render-macros.ts'
import { confineStatements, prepareStatements } from './sandbox.ts'
import { unpack } from './unpack.ts'

interface Prepared {
  readonly instance: DuckDBInstance
  readonly connection: DuckDBConnection
}

/** May read these files and nothing else. */
interface Confined extends Prepared {
  readonly paths: string
}

/**
 * COPY takes a prefix (our header row) only together with a suffix, and then leaves out the newline of the last row:
 * so the newline is the suffix, and only an answer without rows has one too many.
 */
const COPY_SUFFIX = '\n'

class Child {
  readonly #settings: ChildSettings
  #spare: Promise<Prepared> | undefined
  #fileless: Confined | undefined
  /** Of the last query that read files, when all went well. */
  #kept: Confined | undefined
  #current: Confined | undefined
  #hasFailed = false

  constructor(settings: ChildSettings) {
    this.#settings = settings
  }

  async warmUp(): Promise<void> {
    this.#spare = this.#prepare()
    await this.#spare
  }

  cancel(): void {
    this.#current?.connection.interrupt()
  }

  async answer(request: ChildRequest): Promise<ChildReply> {
    switch (request.kind) {
      case 'open':
        await this.#open(request.paths)
        return { kind: 'opened' }
      case 'rows': {
        await installGeospatial(this.#connection(), request.sql)
        const result = await this.#connection().runAndReadAll(request.sql)
        return { kind: 'rows', rows: result.getRowsJson() }
      }
      case 'copy':
        return { kind: 'copied', rowCount: await this.#copy(request.sql, request.header, request.csvPath) }
      case 'measureGzip':
        return { kind: 'gzipMeasured', sizes: await measureGzip(request.paths, request.expected) }
      case 'unpack':
        return { kind: 'unpacked', files: await unpack(request.orders) }
      case 'encodeAvro':
        await encodeAvro(request.orders)
        return { kind: 'avroEncoded' }
      case 'convert':
        return { kind: 'converted', files: await convert(request.orders) }
    }
  }

  async #open(paths: readonly string[]): Promise<void> {
    this.#endCurrent()
    const wanted = [...paths].sort().join('\n')
    const known = wanted === '' ? this.#fileless : this.#kept
    if (known?.paths === wanted) {
      this.#current = known
      return
    }
    if (wanted !== '') this.#endKept()
    const prepared = await (this.#spare ?? this.#prepare())
    this.#spare = undefined
    for (const statement of confineStatements(this.#settings, paths)) await prepared.connection.run(statement)
    this.#current = { ...prepared, paths: wanted }
    if (wanted === '') this.#fileless = this.#current
    else this.#kept = this.#current
  }

  /** Ends the query's instance and makes the next one: after the answer has gone out, because it takes the same cores. */
  closeQuery(): void {
    this.#endCurrent()
    if (this.#spare !== undefined) return
    this.#spare = this.#prepare()
    // The failure is reported by the query that takes the spare.
    this.#spare.catch(() => undefined)
  }

  /** The instance of the query under way is never used again. */
  discard(): void {
    this.#hasFailed = true
  }

  #endCurrent(): void {
    const ended = this.#current
    this.#current = undefined
    if (ended === undefined || !this.#hasFailed) return
    this.#hasFailed = false
    if (ended === this.#fileless) this.#fileless = undefined
    if (ended === this.#kept) this.#kept = undefined
    close(ended)
  }

  #endKept(): void {
    if (this.#kept !== undefined) close(this.#kept)
    this.#kept = undefined
  }

  async #prepare(): Promise<Prepared> {
    const instance = await DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    for (const statement of prepareStatements(this.#settings)) await connection.run(statement)
    await installFunctions(connection)
    await installMacros(connection)
    installLineFunctions(connection)
    return { instance, connection }
  }

  async #copy(sql: string, header: string, csvPath: string): Promise<number> {
    const options = `FORMAT csv, HEADER false, FORCE_QUOTE *, PREFIX ${literal(header)}, SUFFIX ${literal(COPY_SUFFIX)}`
    await installGeospatial(this.#connection(), sql)
    const result = await this.#connection().runAndReadAll(`COPY (${sql}) TO ${literal(csvPath)} (${options})`)
    const rowCount = Number(result.getRows()[0]?.[0] ?? 0)
    if (rowCount === 0) await truncate(csvPath, Buffer.byteLength(header))
    return rowCount
  }

  #connection(): DuckDBConnection {
    if (this.#current === undefined) throw new Error('No query is open in this engine process.')
    return this.#current.connection
  }
}

function close({ connection, instance }: Prepared): void {
  connection.closeSync()
  instance.closeSync()
}

function send(message: FromChild): void {
  process.send?.(message)
}

let child: Child | undefined

async function receive(message: ToChild): Promise<void> {
  switch (message.kind) {
    case 'start':
      child = new Child(message.settings)
      await child.warmUp()
      return send({ kind: 'ready' })
    case 'cancel':
      return child?.cancel()
    case 'closeQuery':
      return child?.closeQuery()
    case 'request': {
      const { number, request } = message
      try {
        const reply = await child?.answer(request)
        if (reply !== undefined) send({ kind: 'reply', number, reply })
      } catch (error) {
        const text = error instanceof Error ? error.message : String(error)
        // It may be unusable now, or hold what a statement that was cut short has left.
        child?.discard()
        send({ kind: 'failure', number, message: text })
      }
    }
  }
}

process.on('message', (message: ToChild) => void receive(message))
// The lake is gone: nobody will ask again.
process.on('disconnect', () => process.exit(0))
