import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { ProcessingStep } from '../../../src/delivery/destination.ts'
import { makeProcessor } from '../../../src/delivery/processing/pipeline.ts'
import type { Processor } from '../../../src/delivery/processing/record.ts'
import { clock, processed, recordOf, texts } from './support.ts'

const decompress: ProcessingStep = { kind: 'decompress' }
const extractLogMessages: ProcessingStep = { kind: 'extractLogMessages' }
const json: ProcessingStep = { kind: 'deaggregate', subRecord: { kind: 'json' } }
const delimited: ProcessingStep = { kind: 'deaggregate', subRecord: { kind: 'delimited', delimiter: 'Iw==' } }
const lambda: ProcessingStep = {
  kind: 'lambda',
  functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:f',
  bufferBytes: 1,
  bufferIntervalMs: 1,
  retries: 0,
}
const extractMetadata: ProcessingStep = { kind: 'extractMetadata', query: '{a:.a}' }
const appendDelimiter: ProcessingStep = { kind: 'appendDelimiter', delimiter: '\\n' }

/** A step that writes its name behind each record, and fails those that begin as it is told. */
function marking(name: string, failing = 'none'): Processor & { readonly calls: string[][] } {
  const calls: string[][] = []
  return {
    calls,
    async process(records) {
      calls.push(texts({ records, failed: [] }))
      const isGood = (data: Uint8Array) => !Buffer.from(data).toString().startsWith(failing)
      return {
        records: records.flatMap(({ data, source }) =>
          isGood(data) ? [{ source, data: Buffer.concat([data, Buffer.from(`<${name}>`)]) }] : [],
        ),
        failed: records.flatMap(({ data, source }) =>
          isGood(data)
            ? []
            : [{ outputType: 'processing-failed', source, entry: { name, data: data.toString() } } as const],
        ),
      }
    },
    async close() {
      calls.push(['closed'])
    },
  }
}

function makers(parts: { lambda?: Processor; extractMetadata?: Processor } = {}) {
  return {
    clock,
    lambda: () => parts.lambda ?? marking('lambda'),
    extractMetadata: () => parts.extractMetadata ?? marking('metadata'),
  }
}

const logs = gzipSync(
  JSON.stringify({ messageType: 'DATA_MESSAGE', logEvents: [{ message: '{"a":1}{"a":2}' }, { message: '{"a":3}' }] }),
)

test("steps are done in AWS's order whatever order they were configured in", async () => {
  const steps = [decompress, extractLogMessages, json, lambda, extractMetadata, appendDelimiter]
  const expected = ['{"a":1}', '{"a":2}', '{"a":3}'].map((text) => `${text}<lambda><metadata>\n`)
  for (const configured of [steps, steps.toReversed(), [...steps.slice(3), ...steps.slice(0, 3)]])
    expect(texts(await processed(makeProcessor(configured, makers()), logs))).toEqual(expected)
})

test('the steps that are asked for are the steps that are done', async () => {
  expect(texts(await processed(makeProcessor([appendDelimiter], makers()), 'a#b'))).toEqual(['a#b\n'])
  expect(texts(await processed(makeProcessor([appendDelimiter, delimited], makers()), 'a#b'))).toEqual(['a\n', 'b\n'])
  expect(texts(await processed(makeProcessor([], makers()), 'a#b'))).toEqual(['a#b'])
})

test('aggregates of the Kinesis Producer Library are taken apart before anything else, without being asked to', async () => {
  // Two records, {"a":1} and {"a":2}, of one partition key.
  const message = Buffer.from('0a036b65791a0b08001a077b2261223a317d1a0b08001a077b2261223a327d', 'hex')
  const md5 = createHash('md5').update(message).digest()
  const aggregate = Buffer.concat([Buffer.from('f3899ac2', 'hex'), message, md5])
  expect(texts(await processed(makeProcessor([appendDelimiter], makers()), aggregate))).toEqual([
    '{"a":1}\n',
    '{"a":2}\n',
  ])
})

test('failed records are gathered from all steps, in order, and the others go on', async () => {
  const processor = makeProcessor(
    [extractMetadata, lambda, json],
    makers({ lambda: marking('lambda', '{"l'), extractMetadata: marking('metadata', '{"m') }),
  )
  const outcome = await processed(processor, '{"m":1}', '{"l":2}', 'no', '{"ok":3}', '{"l":4}')
  expect(texts(outcome)).toEqual(['{"ok":3}<lambda><metadata>'])
  expect(outcome.failed.map(({ entry }) => entry['errorCode'] ?? entry['data'])).toEqual([
    'RecordDeAggregation.MalformedData',
    '{"l":2}',
    '{"l":4}',
    '{"m":1}<lambda>',
  ])
})

test('of one source there is one entry, however many of its messages fail', async () => {
  const processor = makeProcessor([decompress, extractLogMessages, lambda], makers({ lambda: marking('lambda', '{') }))
  const { records, failed } = await processed(processor, logs, logs)
  expect(records).toEqual([])
  expect(failed.map(({ entry }) => entry['data'])).toEqual(['{"a":1}{"a":2}', '{"a":1}{"a":2}'])
})

test('entries that do not name their source are all kept', async () => {
  const failing: Processor = {
    process: async (records) => ({
      records: [],
      failed: records.map(() => ({ outputType: 'processing-failed' as const, entry: {} })),
    }),
    close: async () => undefined,
  }
  expect((await processed(makeProcessor([json, lambda], makers({ lambda: failing })), '{}{}')).failed).toHaveLength(2)
})

test('a step is not called when nothing is left for it', async () => {
  const last = marking('lambda')
  await processed(makeProcessor([json, lambda], makers({ lambda: last })), 'no JSON', '')
  expect(last.calls).toEqual([['closed']])
})

test('a fault of the lake in one step ends the whole: it is done again', async () => {
  const broken: Processor = {
    process: () => Promise.reject(new Error('The thread ended.')),
    close: async () => undefined,
  }
  const processor = makeProcessor([lambda], makers({ lambda: broken }))
  await expect(processed(processor, 'a')).rejects.toThrow('The thread ended.')
})

test('closing lets go of every step, even when one cannot be closed', async () => {
  const last = marking('metadata')
  const broken: Processor = { ...marking('lambda'), close: () => Promise.reject(new Error('It will not close.')) }
  const processor = makeProcessor([lambda, extractMetadata], makers({ lambda: broken, extractMetadata: last }))
  await expect(processor.close()).rejects.toThrow('It will not close.')
  expect(last.calls).toEqual([['closed']])
})

test('a delimiter that is no base64 is refused when the processor is made', () => {
  const step: ProcessingStep = { kind: 'deaggregate', subRecord: { kind: 'delimited', delimiter: '####' } }
  expect(() => makeProcessor([step], makers())).toThrow('Delimiter #### is not a base64-encoded string.')
})

test('what was ended is not begun', async () => {
  const reason = new Error('The stream is being closed.')
  const working = makeProcessor([json], makers()).process([recordOf('{}')], AbortSignal.abort(reason))
  await expect(working).rejects.toBe(reason)
})
