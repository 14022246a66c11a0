/**
 * Reads a text file to its end once, in the engine process: unpacks gzip into a plain copy, proves that the file is
 * whole and that each of its lines looks like one JSON record, and takes the keys of its first records.
 */
import { createReadStream } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { createGunzip } from 'node:zlib'
import type { Unpacked, UnpackOrder } from './child-protocol.ts'
import { readJsonLine } from './json-line.ts'

const CHUNK_BYTES = 1024 * 1024
/** Files at a time: one more than the cores of a small machine, so that none waits for a read. */
const LANES = 3
/** What is looked at for the keys of a file. */
const SAMPLE_BYTES = 64 * 1024
const SAMPLE_LINES_MAX = 50

const NEWLINE = 0x0a
const OPENING = 0x7b
const CLOSING = 0x7d

export async function unpack(orders: readonly UnpackOrder[]): Promise<Unpacked[]> {
  const done: Unpacked[] = []
  const queue = orders.values()
  const lane = async () => {
    for (const order of queue) done.push(await unpackOne(order))
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return done
}

async function unpackOne({ path, target, plainBytesMax }: UnpackOrder): Promise<Unpacked> {
  const copy = await open(target, 'w', 0o600)
  const lines = new LineCheck()
  let plainBytes = 0
  try {
    const packed = createReadStream(path, { highWaterMark: CHUNK_BYTES })
    const plain = createGunzip({ chunkSize: CHUNK_BYTES })
    packed.on('error', (error) => plain.destroy(error))
    for await (const chunk of packed.pipe(plain) as AsyncIterable<Buffer>) {
      plainBytes += chunk.byteLength
      if (plainBytes > plainBytesMax) {
        packed.destroy()
        await rm(target, { force: true })
        return { path, plainBytes, outcome: 'tooLarge' }
      }
      lines.add(chunk)
      await copy.writeFile(chunk)
    }
    return { path, plainBytes, outcome: 'whole', keys: lines.keys() }
  } catch (error) {
    await rm(target, { force: true })
    const damage = error instanceof Error ? error.message : String(error)
    return { path, plainBytes, outcome: 'damaged', damage }
  } finally {
    await copy.close()
  }
}

/** Whether every line begins with `{` and ends with `}`, without blanks around them and without blank lines. */
export class LineCheck {
  #looksRegular = true
  #last: number | undefined
  #sample = Buffer.alloc(0)

  add(chunk: Buffer): void {
    if (chunk.byteLength === 0) return
    if (this.#sample.byteLength < SAMPLE_BYTES) {
      const missing = SAMPLE_BYTES - this.#sample.byteLength
      this.#sample = Buffer.concat([this.#sample, chunk.subarray(0, missing)])
    }
    if (!this.#looksRegular) return
    const before = this.#last
    if ((before === undefined || before === NEWLINE) && chunk[0] !== OPENING) this.#looksRegular = false
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) {
      const end = at === 0 ? before : chunk[at - 1]
      const next = chunk[at + 1] ?? OPENING
      if (end !== CLOSING || next !== OPENING) {
        this.#looksRegular = false
        return
      }
    }
    this.#last = chunk[chunk.byteLength - 1]
  }

  /**
   * Keys that stand in every sampled record with a value that is not null, as they are spelled; undefined when the
   * file needs to be surveyed.
   */
  keys(): string[] | undefined {
    if (!this.#looksRegular || (this.#last !== NEWLINE && this.#last !== CLOSING)) return undefined
    const lines = this.#sample.toString('utf8').split('\n')
    // The last one is cut off, or empty.
    const isWhole = this.#sample.byteLength < SAMPLE_BYTES
    const sampled = (isWhole ? lines.filter((line) => line !== '') : lines.slice(0, -1)).slice(0, SAMPLE_LINES_MAX)
    return sampled.length === 0 ? undefined : keysInAll(sampled)
  }
}

function keysInAll(lines: readonly string[]): string[] | undefined {
  let common: Set<string> | undefined
  for (const line of lines) {
    try {
      // The SerDe's own reading refuses a key that stands twice, however it is written.
      readJsonLine(line, { serde: 'openx', foldCase: true, dotsInKeys: false })
      const record = Object.entries(JSON.parse(line) as object)
      const keys = new Set(record.flatMap(([key, value]) => (value === null ? [] : [key])))
      common = common === undefined ? keys : new Set([...common].filter((key) => keys.has(key)))
    } catch {
      // Not strict JSON, or a key twice: the survey says what the line is.
      return undefined
    }
  }
  return [...(common ?? [])]
}
