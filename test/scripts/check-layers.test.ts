import { expect, test } from 'vitest'
import { consoleOffences, offences } from '../../scripts/check-layers.ts'

const importing = (file: string, target: string) => offences([{ file, target }])

test.each([
  ['a stage using another stage', 'delivery/stream.ts', 'src/crawl/crawl.ts', 'stages meet in objects or catalog'],
  ['a lower folder using a higher one', 'objects/store.ts', 'src/delivery/stream.ts', 'rank 2'],
  ['the domain speaking wire', 'query/run.ts', 'src/wire/model/athena.ts', 'wire shapes stop at services'],
  ['one service using another', 'services/glue/x.ts', 'src/services/athena/y.ts', 'services do not know each other'],
  ['choosing a backend', 'query/run.ts', 'src/engine/duckdb/engine.ts', 'only main.ts chooses it'],
  ['a driver outside its home', 'catalog/x.ts', 'libsql', 'only platform'],
  ['the gateway knowing a domain', 'gateway/x.ts', 'src/catalog/catalog.ts', 'gateway may import only'],
  ['importing the composition root', 'gateway/x.ts', 'src/main.ts', 'nobody imports main.ts'],
])('%s is refused with the reason', (_name, file, target, reason) => {
  expect(importing(file, target)[0]).toContain(reason)
})

test.each([
  ['a stage using a port', 'delivery/stream.ts', 'src/objects/object-store.ts'],
  ['a service sharing the operation type', 'services/glue/x.ts', 'src/services/operation.ts'],
  ['a backend using its own files', 'engine/duckdb/engine.ts', 'src/engine/duckdb/pool.ts'],
  ['main choosing a backend', 'main.ts', 'src/engine/duckdb/engine.ts'],
  ['the command that launches the lake', 'cli/commands/up.ts', 'src/main.ts'],
])('%s is allowed', (_name, file, target) => {
  expect(importing(file, target)).toEqual([])
})

test('the console takes of the lake only pure code that is listed', () => {
  const taking = (target: string) => consoleOffences([{ file: 'routes/firehose/x.ts', target }])
  expect(taking('src/../../src/delivery/prefix/prefix-expression.ts')).toEqual([])
  expect(taking('src/drivers/s3.ts')).toEqual([])
  expect(taking('src/../../src/services/s3/index.ts')[0]).toContain('the console may import only')
})
