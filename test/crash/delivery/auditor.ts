/** Reads every object of a stream back through S3 and holds it against the book of what was sent and acknowledged. */
import { GetObjectCommand, ListObjectVersionsCommand, type ListObjectVersionsCommandOutput } from '@aws-sdk/client-s3'
import { expect } from 'vitest'
import type { TestLake } from '../../support/lake.ts'
import type { Book } from './book.ts'
import { numberIn, verdictOn } from './records.ts'
import { BUCKET, type CrashStream } from './streams.ts'

export interface Findings {
  readonly acknowledged: number
  readonly objects: number
  readonly data: number
  readonly failed: number
  readonly dropped: number
}

/** `dropped`: records that the function answered Dropped for. */
export async function audit(
  lake: TestLake,
  stream: CrashStream,
  { book, dropped }: { readonly book: Book; readonly dropped: ReadonlySet<number> },
): Promise<Findings> {
  const outcome = new Sightings(book)
  const data = await objectsBelow(lake, `${stream.name}/data/`)
  for (const { key, body } of data) await seeData(stream, outcome, key, body)
  const dataCount = outcome.count

  const failures = await objectsBelow(lake, `${stream.name}/failed/`)
  for (const { key, body } of failures) seeFailures(stream, outcome, key, body)
  expect(outcome.twice, `${stream.name}: no record is there twice`).toEqual([])

  const absent = outcome.missing()
  const isDropped = (number: number) => stream.usesFunction === true && verdictOn(number) === 'Dropped'
  const missing = absent.filter((number) => !isDropped(number) || !dropped.has(number))
  expect(missing, `${stream.name}: no acknowledged record is missing`).toEqual([])

  const backups = await objectsBelow(lake, `${stream.name}/source/`)
  auditBackup(stream, book, backups)
  return {
    acknowledged: book.acknowledgedCount,
    objects: data.length + failures.length + backups.length,
    data: dataCount,
    failed: outcome.count - dataCount,
    dropped: absent.length,
  }
}

async function seeData(stream: CrashStream, outcome: Sightings, key: string, body: Buffer): Promise<void> {
  const records = await stream.read(body)
  expect(records.length, `${key} is not empty`).toBeGreaterThan(0)
  const order = outcome.inOrder(key)
  for (const record of records) {
    const number = numberIn(record)
    same(record, stream.data(number), key)
    const folder = stream.folder?.(number) ?? ''
    if (!key.includes(folder)) throw new Error(`Record ${number} belongs to ${folder}, and is in ${key}.`)
    order.see(number)
  }
}

function seeFailures(stream: CrashStream, outcome: Sightings, key: string, body: Buffer): void {
  const type = key.split('/')[2] ?? ''
  for (const line of body.toString().split('\n').filter(Boolean)) {
    const { rawData, errorCode, lastErrorCode } = JSON.parse(line) as Readonly<Record<string, string>>
    const record = Buffer.from(rawData ?? '', 'base64').toString()
    const number = numberIn(record)
    same(record, stream.record(number), key)
    if (!isExcused(stream, errorCode)) same(type, stream.failsTo?.(number), `${key}, record ${number}`)
    outcome.see(number, key)
    expect(errorCode ?? lastErrorCode, 'an error has a code').toMatch(/^\w+\.\w+$/)
  }
}

/** The function gave no answer four times: any record may be one of those. */
function isExcused(stream: CrashStream, errorCode: string | undefined): boolean {
  return stream.usesFunction === true && errorCode !== 'Lambda.ProcessingFailedStatus'
}

function auditBackup(stream: CrashStream, book: Book, backups: readonly StoredObject[]): void {
  const { name, readBackup } = stream
  if (readBackup === undefined) {
    expect(backups, `${name} has no backup`).toEqual([])
    return
  }
  const sources = new Sightings(book)
  for (const { key, body } of backups) {
    const order = sources.inOrder(key)
    for (const record of readBackup(body)) {
      const number = numberIn(record)
      same(record, stream.record(number), key)
      order.see(number)
    }
  }
  expect(sources.twice, `${name}: no record is in the backup twice`).toEqual([])
  expect(sources.missing(), `${name}: no acknowledged record is missing in the backup`).toEqual([])
}

/** `expect` for each of a million records would take longer than all the kills. */
function same(found: string, expected: string | undefined, where: string): void {
  if (found !== expected) expect(found, where).toBe(expected)
}

/** Which records were seen, and where. */
class Sightings {
  readonly #book: Book
  readonly #keys: (string | undefined)[] = []
  readonly twice: string[] = []
  count = 0

  constructor(book: Book) {
    this.#book = book
  }

  see(number: number, key: string): void {
    if (this.#book.producerOf(number) === undefined) throw new Error(`Record ${number} in ${key} was never sent.`)
    const before = this.#keys[number]
    if (before !== undefined) this.twice.push(`${number} in ${before} and ${key}`)
    this.#keys[number] = key
    this.count += 1
  }

  /** For records that must be in the order in which each producer sent them. */
  inOrder(key: string): { see(number: number): void } {
    const lastOf = new Map<number, number>()
    return {
      see: (number) => {
        this.see(number, key)
        const producer = this.#book.producerOf(number) as number
        const last = lastOf.get(producer) ?? -1
        if (number < last) throw new Error(`Record ${number} comes behind ${last} in ${key}.`)
        lastOf.set(producer, number)
      },
    }
  }

  missing(): number[] {
    return [...this.#book.acknowledged()].filter((number) => this.#keys[number] === undefined)
  }
}

interface StoredObject {
  readonly key: string
  readonly body: Buffer
}

/** The bucket keeps versions, so that an object which was written twice is seen to be. */
async function objectsBelow(lake: TestLake, Prefix: string): Promise<StoredObject[]> {
  const keys: string[] = []
  let page: ListObjectVersionsCommandOutput | undefined
  do {
    const { NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = page ?? {}
    page = await lake.s3.send(new ListObjectVersionsCommand({ Bucket: BUCKET, Prefix, KeyMarker, VersionIdMarker }))
    keys.push(...(page.Versions ?? []).map(({ Key }) => Key as string))
  } while (page.IsTruncated === true)
  expect(new Set(keys).size, `no object below ${Prefix} was written twice`).toBe(keys.length)
  const objects: StoredObject[] = []
  for (const key of keys) {
    const { Body } = await lake.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }))
    objects.push({ key, body: Buffer.from((await Body?.transformToByteArray()) ?? []) })
  }
  return objects
}
