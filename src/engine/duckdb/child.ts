/**
 * The process that holds DuckDB. One instance per query, made ready while the child is idle, so that a query does not
 * wait for it; the instance for queries that read no files never sees any data and is used again.
 */
import { truncate } from 'node:fs/promises'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import type { ChildReply, ChildRequest, ChildSettings, FromChild, ToChild } from './child-protocol.ts'
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

/**
 * COPY takes a prefix (our header row) only together with a suffix, and then leaves out the newline of the last row:
 * so the newline is the suffix, and only an answer without rows has one too many.
 */
const COPY_SUFFIX = '\n'

class Child {
  readonly #settings: ChildSettings
  #spare: Promise<Prepared> | undefined
  #fileless: Prepared | undefined
  #current: Prepared | undefined

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
    }
  }

  async #open(paths: readonly string[]): Promise<void> {
    this.#endCurrent()
    if (paths.length === 0 && this.#fileless !== undefined) {
      this.#current = this.#fileless
      return
    }
    const prepared = await (this.#spare ?? this.#prepare())
    this.#spare = undefined
    for (const statement of confineStatements(this.#settings, paths)) await prepared.connection.run(statement)
    this.#current = prepared
    if (paths.length === 0) this.#fileless = prepared
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
    if (this.#current === this.#fileless) this.#fileless = undefined
  }

  #endCurrent(): void {
    if (this.#current !== undefined && this.#current !== this.#fileless) {
      this.#current.connection.closeSync()
      this.#current.instance.closeSync()
    }
    this.#current = undefined
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

function send(message: FromChild): void {
  process.send?.(message)
}

/** After these DuckDB refuses everything else in the same instance. */
const LEAVES_INSTANCE_UNUSABLE = /^(?:INTERNAL|FATAL) Error|database has been invalidated/

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
        if (LEAVES_INSTANCE_UNUSABLE.test(text)) child?.discard()
        send({ kind: 'failure', number, message: text })
      }
    }
  }
}

process.on('message', (message: ToChild) => void receive(message))
// The lake is gone: nobody will ask again.
process.on('disconnect', () => process.exit(0))
