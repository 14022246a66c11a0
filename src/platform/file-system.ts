/**
 * The few disk operations that durability rests on, as promises about meaning rather than system calls. Production
 * uses `nodeFileSystem`; tests pass one that tears writes, fails fsync, fills up or forgets what was not synced.
 *
 * - what `write` wrote survives a crash only after `sync` on that file resolved;
 * - a created, renamed or removed name survives a crash only after `syncDirectory` on its folder resolved.
 */
import { constants, type FileHandle, link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'

export interface OpenFile {
  /** Writes all of `bytes` at `position` (or appends when opened with 'append'). Throws what the system throws (ENOSPC). */
  write(bytes: Uint8Array, position?: number): Promise<void>
  writeMany(buffers: readonly Uint8Array[]): Promise<void>
  /** Reads up to `length` bytes at `position`; fewer only at the end of the file. Into `memory` when given, if it likes. */
  read(length: number, position: number, memory?: Buffer): Promise<Buffer>
  /** fdatasync: the bytes written so far survive a crash. */
  sync(): Promise<void>
  truncate(length: number): Promise<void>
  size(): Promise<number>
  close(): Promise<void>
}

export interface FileSystem {
  /** `create` fails if the file exists; `append` creates it when missing; `read` only reads. */
  open(path: string, mode: 'create' | 'append' | 'read' | 'readWrite'): Promise<OpenFile>
  rename(from: string, to: string): Promise<void>
  /** A second name for the same bytes. Throws what the system throws: EXDEV, EPERM, EMLINK where that cannot be. */
  link(from: string, to: string): Promise<void>
  /** Succeeds when the file is already gone. */
  remove(path: string): Promise<void>
  removeTree(path: string): Promise<void>
  makeDirectory(path: string): Promise<void>
  syncDirectory(path: string): Promise<void>
  list(path: string): Promise<{ name: string; isDirectory: boolean }[]>
  /** undefined when there is no such file. */
  size(path: string): Promise<number | undefined>
}

const FLAGS = {
  create: constants.O_CREAT | constants.O_EXCL | constants.O_RDWR,
  append: constants.O_CREAT | constants.O_APPEND | constants.O_RDWR,
  read: constants.O_RDONLY,
  readWrite: constants.O_RDWR,
} as const

class NodeFile implements OpenFile {
  readonly #handle: FileHandle

  constructor(handle: FileHandle) {
    this.#handle = handle
  }

  async write(bytes: Uint8Array, position?: number): Promise<void> {
    let written = 0
    while (written < bytes.byteLength) {
      const at = position === undefined ? null : position + written
      const result = await this.#handle.write(bytes, written, bytes.byteLength - written, at)
      written += result.bytesWritten
    }
  }

  async writeMany(buffers: readonly Uint8Array[]): Promise<void> {
    const total = buffers.reduce((sum, buffer) => sum + buffer.byteLength, 0)
    const { bytesWritten } = await this.#handle.writev(buffers as Uint8Array[])
    if (bytesWritten < total) await this.write(Buffer.concat(buffers).subarray(bytesWritten))
  }

  async read(length: number, position: number, memory?: Buffer): Promise<Buffer> {
    const buffer = memory?.subarray(0, length) ?? Buffer.allocUnsafe(length)
    let filled = 0
    while (filled < length) {
      const { bytesRead } = await this.#handle.read(buffer, filled, length - filled, position + filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
    return buffer.subarray(0, filled)
  }

  sync(): Promise<void> {
    return this.#handle.datasync()
  }

  truncate(length: number): Promise<void> {
    return this.#handle.truncate(length)
  }

  async size(): Promise<number> {
    return (await this.#handle.stat()).size
  }

  close(): Promise<void> {
    return this.#handle.close()
  }
}

export const nodeFileSystem: FileSystem = {
  async open(path, mode) {
    return new NodeFile(await open(path, FLAGS[mode], 0o600))
  },
  rename,
  link,
  remove: (path) => rm(path, { force: true }),
  removeTree: (path) => rm(path, { force: true, recursive: true }),
  async makeDirectory(path) {
    await mkdir(path, { recursive: true, mode: 0o700 })
  },
  async syncDirectory(path) {
    const handle = await open(path, constants.O_RDONLY)
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  },
  async list(path) {
    const entries = await readdir(path, { withFileTypes: true })
    return entries.map((entry) => ({ name: entry.name, isDirectory: entry.isDirectory() }))
  },
  async size(path) {
    try {
      return (await stat(path)).size
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    }
  },
}
