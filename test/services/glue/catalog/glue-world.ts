/** Glue's catalog as its clients meet it: JSON in, checked against the model, JSON out. */
import { EmbeddedCatalog } from '../../../../src/catalog/embedded/embedded-catalog.ts'
import { isRefusal } from '../../../../src/platform/refusal.ts'
import { type Access, openAccess } from '../../../../src/services/access.ts'
import type { GlueContext } from '../../../../src/services/glue/context.ts'
import { glueService } from '../../../../src/services/glue/index.ts'
import { WireError } from '../../../../src/services/operation.ts'
import { jsonCodec } from '../../../../src/wire/aws-json/index.ts'
import { glueModel } from '../../../../src/wire/model/glue.ts'
import { rootCaller } from '../../../support/callers.ts'
import { FakeClock } from '../../../support/fake-clock.ts'
import { hastyDatabase } from '../../../support/hasty-disk.ts'
import { MemoryCrawlerStore } from '../../../support/memory-crawler-store.ts'

export const ACCOUNT = '000000000000'
export const ARN = `arn:aws:glue:us-east-1:${ACCOUNT}`
export const EVENTS = { DatabaseName: 'lake', TableName: 'events' }

const codec = jsonCodec(glueModel)

// biome-ignore lint/suspicious/noExplicitAny: answers are JSON, as clients without types see them
export type Answer = any

export class GlueWorld {
  readonly clock = new FakeClock()
  readonly caller = rootCaller()
  readonly catalog = new EmbeddedCatalog({ database: hastyDatabase(':memory:'), clock: this.clock })
  readonly crawlerStore = new MemoryCrawlerStore(this.clock)
  access: Access = openAccess
  readonly #service = glueService({
    catalog: this.catalog,
    crawlerStore: this.crawlerStore,
    access: { judge: (...asked: Parameters<Access['judge']>) => this.access.judge(...asked) },
    region: 'us-east-1',
    accountId: ACCOUNT,
  } as unknown as GlueContext)

  async call(operation: string, input: object = {}): Promise<Answer> {
    const run = this.#service.operations[operation]
    if (run === undefined) throw new Error(`no operation ${operation}`)
    try {
      const decoded = codec.decode(operation, Buffer.from(JSON.stringify(input)))
      const output = await run(decoded as never, this.#service.context, this.caller)
      return JSON.parse(String(codec.encode(operation, output).body))
    } catch (error) {
      throw isRefusal(error) ? (this.#service.toWireError(error) ?? error) : error
    }
  }

  /** `Name: text` of the error, or what was answered instead. */
  async errorOf(operation: string, input: object = {}): Promise<string> {
    try {
      return `answered ${JSON.stringify(await this.call(operation, input))}`
    } catch (error) {
      if (error instanceof WireError) return `${error.code}: ${error.message}`
      throw error
    }
  }

  /** Database lake with a table events, partitioned by year and day. */
  async withEvents(members: object = {}): Promise<this> {
    await this.call('CreateDatabase', { DatabaseInput: { Name: 'lake' } })
    const PartitionKeys = ['year', 'day'].map((Name) => ({ Name, Type: 'string' }))
    const StorageDescriptor = { Columns: [{ Name: 'Id', Type: 'bigint' }], Location: 's3://b/events/' }
    const TableInput = { Name: 'events', PartitionKeys, StorageDescriptor, ...members }
    await this.call('CreateTable', { DatabaseName: 'lake', TableInput })
    return this
  }
}

export async function glueWithEvents(members?: object): Promise<GlueWorld> {
  return new GlueWorld().withEvents(members)
}
