/**
 * The simulator's web events as gzip JSON, written once into a folder that later runs find again: ten partitions by
 * landing date, objects of about 6 MB of records. Seed 7.
 */
import { existsSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { lines } from '../../support/records.ts'

const PARTITIONS = 10
const OBJECTS_A_GIGABYTE = 160
const OBJECT_BYTES = 1_000_000_000 / OBJECTS_A_GIGABYTE

export interface EventFile {
  readonly path: string
  readonly landingDate: string
  readonly name: string
}

/** Columns in the order of the records; all are text but one. */
export const EVENT_COLUMNS: readonly string[] = Object.keys(JSON.parse([...lines(1)][0] ?? '{}'))

export function typeOfEvent(column: string): 'boolean' | 'string' {
  return column === 'device_is_mobile' ? 'boolean' : 'string'
}

export async function eventFiles(gigabytes: number): Promise<readonly EventFile[]> {
  const folder = join(tmpdir(), `lakelet-bench-events-${gigabytes}`)
  const files = Array.from({ length: Math.max(PARTITIONS, Math.round(OBJECTS_A_GIGABYTE * gigabytes)) }, (_, index) => {
    const landingDate = `2026-01-${String((index % PARTITIONS) + 1).padStart(2, '0')}`
    const name = `events-${String(index).padStart(5, '0')}.gz`
    return { path: join(folder, name), landingDate, name }
  })
  if (existsSync(folder)) return files
  const unfinished = `${folder}.unfinished`
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(unfinished, { recursive: true })
  const source = lines(Number.POSITIVE_INFINITY)
  for (const { name } of files) await writeFile(join(unfinished, name), await objectOf(source))
  await rename(unfinished, folder)
  return files
}

async function objectOf(source: Generator<string>): Promise<Buffer> {
  const records: string[] = []
  for (let bytes = 0; bytes < OBJECT_BYTES; ) {
    const line = source.next().value as string
    records.push(line)
    bytes += line.length
  }
  return promisify(gzip)(records.join(''), { level: 1 })
}
