/**
 * Folder fsyncs, shared: all who ask while one runs are served by the next one. A sync answers a request only if it
 * began after the request, so what was renamed before asking is on disk after.
 */
import type { FileSystem } from '../../platform/file-system.ts'

interface Folder {
  running: Promise<void>
  next: Promise<void> | undefined
}

export class DirectorySyncs {
  readonly #files: FileSystem
  readonly #folders = new Map<string, Folder>()

  constructor(files: FileSystem) {
    this.#files = files
  }

  sync(path: string): Promise<void> {
    const folder = this.#folders.get(path)
    if (folder === undefined) return this.#begin(path)
    folder.next ??= folder.running.then(ignoreOutcome, ignoreOutcome).then(() => this.#begin(path))
    return folder.next
  }

  #begin(path: string): Promise<void> {
    const running = this.#files.syncDirectory(path)
    const folder: Folder = { running, next: undefined }
    this.#folders.set(path, folder)
    const end = () => {
      if (this.#folders.get(path) === folder && folder.next === undefined) this.#folders.delete(path)
    }
    running.then(end, end)
    return running
  }
}

/** The failure of an earlier sync belongs to those who asked for that one. */
function ignoreOutcome(): undefined {
  return undefined
}
