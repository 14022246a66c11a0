/**
 * Master keys in files, readable by their owner alone. While a rotation runs there are two: `master`, `master.next`.
 *
 *   file = 64 hexadecimal digits, newline
 */
import { dirname, join } from 'node:path'
import type { FileSystem } from '../platform/file-system.ts'
import { Refusal } from '../platform/refusal.ts'
import { parseMasterKey } from './master-key-source.ts'

export type KeyFileName = 'master' | 'master.next'

export class MasterKeyFiles {
  readonly #directory: string
  readonly #files: FileSystem

  constructor(directory: string, files: FileSystem) {
    this.#directory = directory
    this.#files = files
  }

  pathOf(name: KeyFileName): string {
    return join(this.#directory, name)
  }

  /** undefined when there is no such file. */
  async read(name: KeyFileName): Promise<Buffer | undefined> {
    const path = this.pathOf(name)
    const size = await this.#files.size(path)
    if (size === undefined) return undefined
    const file = await this.#files.open(path, 'read')
    try {
      const key = parseMasterKey((await file.read(size, 0)).toString('latin1'))
      if (key === undefined) throw new Refusal('masterKeyUnusable', `${path} does not hold a master key.`)
      return key
    } finally {
      await file.close()
    }
  }

  /** Whole and on stable storage when it resolves, else not there. */
  async write(name: KeyFileName, key: Uint8Array): Promise<void> {
    await this.#files.makeDirectory(this.#directory)
    const draft = join(this.#directory, 'master.new')
    await this.#files.remove(draft)
    const file = await this.#files.open(draft, 'create')
    try {
      await file.write(Buffer.from(`${Buffer.from(key).toString('hex')}\n`))
      await file.sync()
    } finally {
      await file.close()
    }
    await this.#files.rename(draft, this.pathOf(name))
    await this.#files.syncDirectory(this.#directory)
    // The folder may be new, and a lake without its key is lost.
    await this.#files.syncDirectory(dirname(this.#directory))
  }

  /** The next key becomes the key; the old one is gone. */
  async promote(): Promise<void> {
    await this.#files.rename(this.pathOf('master.next'), this.pathOf('master'))
    await this.#files.syncDirectory(this.#directory)
  }

  async remove(name: KeyFileName): Promise<void> {
    await this.#files.remove(this.pathOf(name))
    await this.#files.syncDirectory(this.#directory)
  }
}
