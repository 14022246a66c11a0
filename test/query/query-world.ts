/**
 * The query stage over a catalog and objects in memory and an engine that is told its answers: what is asked of the
 * engine can be looked at, and a query can be held while it runs.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Engine, EngineAnswer, EngineQuery, EngineWrite, EngineWritten } from '../../src/engine/engine.ts'
import type { QueryPlan } from '../../src/engine/plan.ts'
import type { MaterialisedObjects, ObjectVersion } from '../../src/objects/object-store.ts'
import { Ids } from '../../src/platform/ids.ts'
import { silentLog } from '../../src/platform/log.ts'
import { seededRandom } from '../../src/platform/random.ts'
import { type Execution, isFinished, type StartRequest } from '../../src/query/execution.ts'
import { openQueries, type Queries } from '../../src/query/queries.ts'
import { FakeClock, settle } from '../support/fake-clock.ts'
import { hastyDatabase } from '../support/hasty-disk.ts'
import { MemoryCatalog } from '../support/memory-catalog.ts'
import { MemoryObjectStore } from '../support/memory-object-store.ts'

/** Gives names instead of files: the engine of these tests opens none. */
class NamedObjects extends MemoryObjectStore {
  materialised = 0
  released = 0

  override async materialise(versions?: readonly ObjectVersion[]): Promise<MaterialisedObjects> {
    this.materialised++
    return {
      paths: (versions ?? []).map((version) => `/local/${version.key}`),
      release: () => {
        this.released++
      },
    }
  }
}

class ToldEngine implements Engine {
  readonly queries: EngineQuery[] = []
  csv = '"_col0"\n"1"\n'
  bytesScanned = 0
  failure: Error | undefined
  /** Set: queries wait for it, or for their abort. */
  held: Promise<void> | undefined

  async execute(query: EngineQuery, signal: AbortSignal): Promise<EngineAnswer> {
    this.queries.push(query)
    if (this.held !== undefined) await Promise.race([this.held, aborted(signal)])
    if (this.failure !== undefined) throw this.failure
    writeFileSync(query.csvPath, this.csv)
    const rowCount = this.csv.split('\n').length - 2
    return { rowCount, bytesScanned: this.bytesScanned, planningMs: 1, executionMs: 2 }
  }

  /** Files that a write makes: their text, and the partition that they are of. */
  files: readonly { readonly text: string; readonly partition: readonly (string | null)[] }[] = []
  readonly writes: EngineWrite[] = []

  async write(write: EngineWrite, signal: AbortSignal): Promise<EngineWritten> {
    this.writes.push(write)
    if (this.held !== undefined) await Promise.race([this.held, aborted(signal)])
    if (this.failure !== undefined) throw this.failure
    mkdirSync(write.directory)
    const files = this.files.map(({ text, partition }, index) => {
      const path = join(write.directory, String(index))
      writeFileSync(path, text)
      return { path, sizeBytes: Buffer.byteLength(text), partition }
    })
    const rowCount = files.length
    return { rowCount, files, bytesScanned: this.bytesScanned, planningMs: 1, executionMs: 2 }
  }

  plan: QueryPlan = { root: { name: 'Values', descriptor: {}, details: [], children: [] } }

  async explain(query: EngineQuery): Promise<QueryPlan> {
    this.queries.push(query)
    return this.plan
  }

  async close(): Promise<void> {
    return undefined
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
}

const BUCKET = 'results'

export class QueryWorld {
  readonly clock = new FakeClock()
  readonly catalog = new MemoryCatalog(this.clock)
  readonly objects = new NamedObjects(this.clock)
  readonly engine = new ToldEngine()
  readonly directory = mkdtempSync(join(tmpdir(), 'lakelet-query-'))
  readonly ids = new Ids(seededRandom(7))
  readonly #database = hastyDatabase(join(this.directory, 'lake.db'))
  queries!: Queries

  static async open(): Promise<QueryWorld> {
    const world = new QueryWorld()
    await world.objects.createBucket(BUCKET)
    await world.objects.createBucket('lake')
    await world.reopen()
    return world
  }

  /** As after a crash: what was in memory only is gone. */
  async reopen(): Promise<void> {
    this.queries = await openQueries({
      database: this.#database,
      catalog: this.catalog,
      objects: this.objects,
      engine: this.engine,
      clock: this.clock,
      ids: this.ids,
      log: silentLog,
      settings: { region: 'us-east-1', accountId: '000000000000' },
      stagingDirectory: this.directory,
      keyNamed: async (keyId) => ({
        kind: 'kms',
        keyId,
        keyArn: `arn:aws:kms:us-east-1:0:key/${keyId}`,
        usesBucketKey: false,
      }),
    })
  }

  close(): void {
    this.#database.close()
    rmSync(this.directory, { recursive: true, force: true })
  }

  start(sql: string, more: Partial<StartRequest> = {}): Promise<string> {
    return this.queries.executions.start({
      sql,
      clientRequestToken: this.ids.uuid(),
      outputLocation: `s3://${BUCKET}/out/`,
      callerArn: 'arn:aws:iam::000000000000:root',
      ...more,
    })
  }

  /** Starts and waits for the end. */
  async run(sql: string, more: Partial<StartRequest> = {}): Promise<Execution> {
    return this.ended(await this.start(sql, more))
  }

  async ended(id: string): Promise<Execution> {
    for (;;) {
      const execution = this.queries.executions.withId(id)
      if (isFinished(execution.state)) return execution
      await settle()
    }
  }

  /** Runs and gives the rows, each as its values; a single value by itself. */
  async rows(sql: string, more: Partial<StartRequest> = {}): Promise<(string | null | readonly (string | null)[])[]> {
    const execution = await this.run(sql, more)
    if (execution.state !== 'SUCCEEDED') throw new Error(execution.reason)
    const { rows } = await this.queries.results({ id: execution.id })
    return rows.map((row) => (row.length === 1 ? (row[0] ?? null) : row))
  }

  async text(location: string): Promise<string> {
    const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.*)$/.exec(location) ?? []
    const chunks: Uint8Array[] = []
    for await (const chunk of this.objects.read(await this.objects.head({ bucket, key }))) chunks.push(chunk)
    return Buffer.concat(chunks).toString()
  }

  async put(key: string, content: string): Promise<void> {
    await this.objects.put({ bucket: 'lake', key }, Buffer.from(content))
  }
}
