/**
 * Streams a body through a byte thread into a file with flat memory: bytes are gathered into chunks of whole frames,
 * at most CHUNKS_MAX of which are under way, and the buffers go round, from body to body.
 */
import type { OpenFile } from '../../platform/file-system.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Digests } from '../digests.ts'
import type { Sealing } from './byte-threads.ts'
import { FRAME_BYTES, sealedBytes } from './frames.ts'

const CHUNK_BYTES = 16 * FRAME_BYTES
const CHUNKS_MAX = 4
/** Of either kind; what is beyond it is left to the garbage collector. */
const IDLE_CHUNKS_MAX = 8

/**
 * Memory of chunks that waits to be used again. Fresh memory of megabytes for every body costs more than their hashing:
 * its pages are faulted in, and V8 answers its loss with collections of the whole heap.
 */
export class ChunkMemory {
  readonly #plain: ArrayBuffer[] = []
  readonly #sealed: ArrayBuffer[] = []

  takePlain(): ArrayBuffer {
    return this.#plain.pop() ?? new ArrayBuffer(CHUNK_BYTES)
  }

  takeSealed(): ArrayBuffer {
    return this.#sealed.pop() ?? new ArrayBuffer(sealedBytes(CHUNK_BYTES))
  }

  giveBackPlain(memory: ArrayBuffer): void {
    if (this.#plain.length < IDLE_CHUNKS_MAX) this.#plain.push(memory)
  }

  giveBackSealed(memory: ArrayBuffer): void {
    if (this.#sealed.length < IDLE_CHUNKS_MAX) this.#sealed.push(memory)
  }
}

export async function writeSealed(
  file: OpenFile,
  body: AsyncIterable<Uint8Array>,
  { sealing, memory, sizeMax }: { sealing: Sealing; memory: ChunkMemory; sizeMax: number },
): Promise<{ size: number; digests: Digests }> {
  const writer = new SealedWriter(file, sealing, memory)
  try {
    let size = 0
    for await (const bytes of body) {
      size += bytes.byteLength
      if (size > sizeMax) throw tooLarge(size, sizeMax)
      await writer.add(bytes)
    }
    return { size, digests: await writer.end() }
  } catch (error) {
    await writer.abandon()
    throw error
  }
}

export function tooLarge(size: number, sizeMax: number): Refusal {
  return new Refusal('entityTooLarge', `The body is larger than the ${sizeMax} bytes allowed.`, {
    fields: { proposedSize: size, maxSizeAllowed: sizeMax },
  })
}

class SealedWriter {
  readonly #file: OpenFile
  readonly #sealing: Sealing
  readonly #memory: ChunkMemory
  readonly #underWay: Promise<Digests | undefined>[] = []
  #lastWrite: Promise<unknown> = Promise.resolve()
  #chunk: ArrayBuffer
  #filled = 0

  constructor(file: OpenFile, sealing: Sealing, memory: ChunkMemory) {
    this.#file = file
    this.#sealing = sealing
    this.#memory = memory
    this.#chunk = memory.takePlain()
  }

  async add(bytes: Uint8Array): Promise<void> {
    let taken = 0
    while (taken < bytes.byteLength) {
      // A full chunk leaves only when more bytes are there: the last one must be marked as the end.
      if (this.#filled === CHUNK_BYTES) {
        this.#send(false)
        if (this.#underWay.length >= CHUNKS_MAX) await this.#underWay.shift()
        this.#chunk = this.#memory.takePlain()
        this.#filled = 0
      }
      const count = Math.min(bytes.byteLength - taken, CHUNK_BYTES - this.#filled)
      new Uint8Array(this.#chunk, this.#filled, count).set(bytes.subarray(taken, taken + count))
      this.#filled += count
      taken += count
    }
  }

  async end(): Promise<Digests> {
    this.#send(true)
    const last = (await Promise.all(this.#underWay)).at(-1)
    if (last === undefined) throw new Error('The byte thread ended a body without its digests.')
    return last
  }

  async abandon(): Promise<void> {
    this.#sealing.abandon()
    // Writes under way must not outlive the file. Their outcome no longer matters: the file is about to be removed.
    await this.#lastWrite.catch(() => undefined)
  }

  #send(endsObject: boolean): void {
    const sealed = this.#sealing.seal(this.#chunk, this.#filled, this.#memory.takeSealed(), endsObject)
    const before = this.#lastWrite
    const done = (async () => {
      const [chunk] = await Promise.all([sealed, before])
      this.#memory.giveBackPlain(chunk.plain)
      await this.#file.write(new Uint8Array(chunk.sealed, 0, chunk.sealedBytes))
      this.#memory.giveBackSealed(chunk.sealed)
      return chunk.digests
    })()
    // Whoever awaits it gets the error; without a listener it would count as unhandled until then.
    done.catch(() => undefined)
    this.#lastWrite = done
    this.#underWay.push(done)
  }
}
