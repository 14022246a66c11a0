/**
 * Functions that other people wrote, run as they run them: the example in Python behind its own server, and, where
 * LAKELET_TEST_LAMBDA_EMULATOR names AWS's runtime interface emulator (`aws-lambda-rie`), behind that and AWS's own
 * runtime client (`awslambdaric`).
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { LambdaFunctions } from '../../src/delivery/processing/lambda/functions.ts'
import { lambda } from '../../src/delivery/processing/lambda/lambda.ts'
import type { StreamRecord } from '../../src/delivery/processing/record.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { Ids } from '../../src/platform/ids.ts'
import { silentLog } from '../../src/platform/log.ts'
import { systemRandom } from '../../src/platform/random.ts'
import { lambdaEmulator, noLambdaEmulator, noPython, python, titled } from '../support/installed.ts'

const EXAMPLE = fileURLToPath(new URL('../../examples/lambda-function/', import.meta.url))

const started: ChildProcess[] = []
afterEach(() => {
  for (const child of started.splice(0)) child.kill()
})

function start(program: string, args: readonly string[]): ChildProcess {
  const child = spawn(program, args, { cwd: EXAMPLE, stdio: ['ignore', 'pipe', 'ignore'] })
  started.push(child)
  return child
}

/** Reads on after it: a closed pipe would end the program. */
function firstLine({ stdout }: ChildProcess): Promise<string> {
  let text = ''
  return new Promise((resolve, reject) => {
    stdout?.on('data', (chunk) => {
      text += chunk
      if (text.includes('\n')) resolve(text)
    })
    stdout?.on('end', () => reject(new Error(`It ended after ${JSON.stringify(text)}.`)))
  })
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

function record(text: string): StreamRecord {
  const data = Buffer.from(text)
  return { data, source: { data, arrivalMs: systemClock.nowMs() } }
}

async function processed(url: string, records: readonly StreamRecord[]) {
  const functions = new LambdaFunctions({ clean: url }, systemClock)
  const step = lambda(
    {
      kind: 'lambda',
      functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:clean:$LATEST',
      bufferBytes: 262_144,
      bufferIntervalMs: 0,
      retries: 10,
    },
    {
      functions,
      stream: { name: 'clicks', arn: 'arn:aws:firehose:us-east-1:000000000000:deliverystream/clicks' },
      region: 'us-east-1',
      clock: systemClock,
      random: systemRandom,
      ids: new Ids(systemRandom),
      log: silentLog,
    },
  )
  try {
    return await step.process(records, new AbortController().signal)
  } finally {
    functions.close()
  }
}

/** More than five batches of page views, every tenth without a user, every hundredth no JSON. */
const COUNT = 10_000
const kindOf = (index: number) => (index % 100 === 0 ? 'broken' : index % 10 === 0 ? 'anonymous' : 'good')
const pageViews = Array.from({ length: COUNT }, (_, index) =>
  record(
    {
      broken: `no JSON ${index}`,
      anonymous: JSON.stringify({ index }),
      good: JSON.stringify({ index, user: 'ä'.repeat(50), ip: '192.0.2.1', country: index % 2 === 0 ? 'de' : 'fr' }),
    }[kindOf(index)],
  ),
)

async function cleansPageViews(url: string): Promise<void> {
  const { records, failed } = await processed(url, pageViews)
  const indexes = Array.from({ length: COUNT }, (_, index) => index)
  expect(records.map(({ data }) => JSON.parse(Buffer.from(data).toString('utf8')).index)).toEqual(
    indexes.filter((index) => kindOf(index) === 'good'),
  )
  expect(Buffer.from(records[0]?.data ?? []).toString('utf8')).toBe(
    `{"index": 1, "user": "${'\\u00e4'.repeat(50)}", "country": "fr"}\n`,
  )
  expect(records[0]?.partitionKeys).toEqual({ fromLambda: { country: 'fr' } })
  expect(failed.map(({ entry }) => Buffer.from(String(entry['rawData']), 'base64').toString('utf8'))).toEqual(
    indexes.filter((index) => kindOf(index) === 'broken').map((index) => `no JSON ${index}`),
  )
  expect(new Set(failed.map(({ entry }) => entry['errorCode']))).toEqual(new Set(['Lambda.ProcessingFailedStatus']))
}

test.skipIf(noPython)(titled('the example function cleans page views', noPython), async () => {
  const line = await firstLine(start(python, ['clean.py', '--port', '0']))
  const [url = ''] = /http\S+/.exec(line) ?? []
  await cleansPageViews(url)
})

test.skipIf(noLambdaEmulator)(
  titled('so it does in AWS’s emulator, one batch at a time', noLambdaEmulator),
  async () => {
    const address = `127.0.0.1:${await freePort()}`
    const runtime = [python, '-m', 'awslambdaric', 'clean.handler']
    start(lambdaEmulator, ['--runtime-interface-emulator-address', address, ...runtime])
    await cleansPageViews(`http://${address}/2015-03-31/functions/function/invocations`)
  },
)
