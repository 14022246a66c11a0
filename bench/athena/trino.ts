/**
 * One node of a real Trino on the lake's Glue and S3. It needs a folder with a Trino server, as `npm run test:trino` puts
 * one together.
 */
import type { RunningServer } from '../support/servers.ts'
import { DATABASE } from './client.ts'

/** Half of what this was last measured with has to be enough for its answer too. */
export const HEAP = '6g'

export interface TrinoTimes {
  /** Milliseconds from the call until all rows are there. */
  time(sql: string): Promise<number>
  stop(): Promise<void>
}

export async function startTrinoBeside(lake: RunningServer, folder: string): Promise<TrinoTimes> {
  // The module reads it when it is loaded.
  process.env['LAKELET_TEST_TRINO'] = folder
  const { noTrino, startTrino } = await import('../../test/conformance/glue/trino/server.ts')
  const reason = noTrino('hive')
  if (reason !== undefined) throw new Error(reason)
  const { accessKeyId, secretAccessKey } = lake.target
  const place = {
    endpoint: lake.target.endpoint,
    directory: lake.directory,
    credentials: { accessKeyId, secretAccessKey },
  }
  const trino = await startTrino(place, 'hive', 's3://bench-results/trino/', {
    schema: DATABASE,
    java: [`-Xmx${HEAP}`, '-XX:+UseG1GC', '-Djdk.attach.allowAttachSelf=true'],
    queryMemory: '4GB',
  })
  return {
    async time(sql) {
      const startedAt = performance.now()
      await trino.rows(sql)
      return performance.now() - startedAt
    },
    stop: () => trino.stop(),
  }
}
