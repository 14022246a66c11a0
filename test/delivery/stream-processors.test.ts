import { expect, test } from 'vitest'
import { LambdaFunctions } from '../../src/delivery/processing/lambda/functions.ts'
import { streamProcessors } from '../../src/delivery/stream-processors.ts'
import { Ids } from '../../src/platform/ids.ts'
import { silentLog } from '../../src/platform/log.ts'
import { seededRandom } from '../../src/platform/random.ts'
import { destinationWith, noProcessor } from '../simulation/delivery-world.ts'
import { FakeClock } from '../support/fake-clock.ts'

test('how long jq had a step in its hands is told by stream', async () => {
  const clock = new FakeClock()
  const random = seededRandom(1)
  const told: unknown[] = []
  const make = streamProcessors({
    functions: new LambdaFunctions({}, clock),
    extractMetadata: () => ({
      ...noProcessor(),
      async process(records) {
        await clock.advance(250)
        return { records, failed: [] }
      },
    }),
    region: 'us-east-1',
    accountId: '000000000000',
    clock,
    random,
    ids: new Ids(random),
    log: silentLog,
    onExtracted: (stream, durationMs) => void told.push([stream, durationMs]),
  })
  const processor = make('clicks', destinationWith({ processing: [{ kind: 'extractMetadata', query: '{a:.a}' }] }))
  const source = { data: Buffer.from('{"a":1}'), arrivalMs: 1 }
  await processor.process([{ data: source.data, source }], new AbortController().signal)
  expect(told).toEqual([['clicks', 250]])
})
