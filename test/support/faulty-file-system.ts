/**
 * A file system that fails on purpose, over a real one. It survives being asked again: a fault happens once, unless it
 * says how long it lasts. Faults: no room (ENOSPC after some bytes), fsync errors, torn writes, refused renames.
 */
import type { FileSystem, OpenFile } from '../../src/platform/file-system.ts'
import { hastyFileSystem } from './hasty-disk.ts'

export type Fault =
  | 'write'
  | 'read'
  | 'sync'
  | 'rename'
  | 'link'
  | 'makeDirectory'
  | 'syncDirectory'
  | 'open'
  | 'list'
  | 'size'
  | 'remove'

export class FaultyFileSystem implements FileSystem {
  #freeBytes = Number.POSITIVE_INFINITY
  readonly #planned = new Map<Fault, NodeJS.ErrnoException>()
  #failingStep: { readonly number: number; readonly code: string } | undefined
  /** Operations so far. Removing a tree is none: what cleans up is not made to fail. */
  steps = 0

  /** How many bytes may still be written before there is no room. */
  leaveFree(bytes: number): void {
    this.#freeBytes = bytes
  }

  /** The next operation of that kind fails with `code`; a write that fails has written half. */
  failNext(fault: Fault, code: string): void {
    this.#planned.set(fault, madeToFail(code))
  }

  /** The operation of that number, counted from the beginning, fails with `code`. */
  failStep(number: number, code: string): void {
    this.#failingStep = { number, code }
  }

  async open(path: string, mode: Parameters<FileSystem['open']>[1]): Promise<OpenFile> {
    this.#fail('open')
    const file = await hastyFileSystem.open(path, mode)
    return {
      write: (bytes, position) => this.#write(file, bytes, position),
      writeMany: (buffers) => this.#write(file, Buffer.concat(buffers)),
      read: async (length, position) => {
        this.#fail('read')
        return file.read(length, position)
      },
      sync: async () => {
        this.#fail('sync')
        await file.sync()
      },
      truncate: (length) => file.truncate(length),
      size: () => file.size(),
      close: () => file.close(),
    }
  }

  async rename(from: string, to: string): Promise<void> {
    this.#fail('rename')
    await hastyFileSystem.rename(from, to)
  }

  async remove(path: string): Promise<void> {
    this.#fail('remove')
    await hastyFileSystem.remove(path)
  }

  async syncDirectory(path: string): Promise<void> {
    this.#fail('syncDirectory')
    await hastyFileSystem.syncDirectory(path)
  }

  async link(from: string, to: string): Promise<void> {
    this.#fail('link')
    await hastyFileSystem.link(from, to)
  }

  async makeDirectory(path: string): Promise<void> {
    this.#fail('makeDirectory')
    await hastyFileSystem.makeDirectory(path)
  }

  async list(path: string) {
    this.#fail('list')
    return hastyFileSystem.list(path)
  }

  async size(path: string): Promise<number | undefined> {
    this.#fail('size')
    return hastyFileSystem.size(path)
  }

  removeTree = (path: string) => hastyFileSystem.removeTree(path)

  async #write(file: OpenFile, bytes: Uint8Array, position?: number): Promise<void> {
    const planned = this.#take('write')
    if (planned !== undefined) {
      await file.write(bytes.subarray(0, bytes.byteLength >> 1), position)
      throw planned
    }
    if (bytes.byteLength > this.#freeBytes) {
      await file.write(bytes.subarray(0, this.#freeBytes), position)
      this.#freeBytes = 0
      throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
    }
    this.#freeBytes -= bytes.byteLength
    await file.write(bytes, position)
  }

  #fail(fault: Fault): void {
    const planned = this.#take(fault)
    if (planned !== undefined) throw planned
  }

  #take(fault: Fault): NodeJS.ErrnoException | undefined {
    this.steps++
    if (this.steps === this.#failingStep?.number) return madeToFail(this.#failingStep.code)
    const planned = this.#planned.get(fault)
    this.#planned.delete(fault)
    return planned
  }
}

function madeToFail(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: made to fail`), { code })
}
