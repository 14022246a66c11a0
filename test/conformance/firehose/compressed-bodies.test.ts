/** Bodies of delivered objects, read by the libraries and tools of others. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { codecs } from '../../../src/delivery/compression.ts'
import type { Compression } from '../../../src/delivery/destination.ts'
import { noArrow, noJava, noPython, noUnzip, python } from '../../support/installed.ts'
import { temporaryDirectory } from '../../support/lake.ts'

const BATCH_ID = '0b5a0d4e-6d5c-4f0e-9c39-0f6f2f6c1a52'
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const directory = temporaryDirectory()
const plainPath = join(directory.path, 'plain')
const pathOf = (form: Compression) => join(directory.path, `body${codecs[form].extension}-${form}`)
let plainHash = ''

beforeAll(async () => {
  const hash = createHash('sha256')
  await pipeline(async function* () {
    for (let index = 0; index < 60_000; index++) {
      const record = Buffer.from(JSON.stringify({ index, page: `/item/${(index * 7919) % 1009}`, at: index ** 2 }))
      hash.update(record)
      yield record
    }
  }, createWriteStream(plainPath))
  plainHash = hash.digest('hex')
  for (const form of ['GZIP', 'ZIP', 'Snappy', 'HADOOP_SNAPPY'] as const)
    await pipeline(codecs[form].encode(createReadStream(plainPath), 4, BATCH_ID), createWriteStream(pathOf(form)))
})
afterAll(() => directory.remove())

test.for([
  { form: 'GZIP', reader: 'Python', program: 'python3', args: [here('read-bodies.py')], lacks: noPython },
  { form: 'ZIP', reader: 'Python', program: 'python3', args: [here('read-bodies.py')], lacks: noPython },
  { form: 'Snappy', reader: 'Arrow', program: python, args: [here('read-bodies.py')], lacks: noArrow },
  { form: 'HADOOP_SNAPPY', reader: 'Arrow', program: python, args: [here('read-bodies.py')], lacks: noArrow },
  { form: 'GZIP', reader: 'Java', program: 'java', args: [here('ReadBodies.java')], lacks: noJava },
  { form: 'ZIP', reader: 'Java', program: 'java', args: [here('ReadBodies.java')], lacks: noJava },
] as const)('$reader reads $form back as it was', ({ form, program, args, lacks }, { skip }) => {
  if (lacks !== undefined) skip(lacks)
  expect(execFileSync(program, [...args, form, pathOf(form)], { encoding: 'utf8' }).trim()).toBe(plainHash)
})

test('unzip reads ZIP back as it was, one file named by a UUID', ({ skip }) => {
  if (noUnzip !== undefined) skip(noUnzip)
  const listing = execFileSync('unzip', ['-tq', pathOf('ZIP')], { encoding: 'utf8' })
  expect(listing).toContain('No errors detected')
  const body = execFileSync('unzip', ['-p', pathOf('ZIP'), BATCH_ID], { maxBuffer: 64 * 1024 * 1024 })
  expect(createHash('sha256').update(body).digest('hex')).toBe(plainHash)
})
