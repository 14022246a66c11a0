import { type SyncFile, syncFile } from '../../src/platform/sqlite-log.ts'

/** A disk whose syncs end when told to. */
export function slowDisk() {
  const waiting: { end(): void; fail(error: Error): void }[] = []
  const arrivals: (() => void)[] = []
  const sync: SyncFile = (file) =>
    new Promise((resolve, reject) => {
      waiting.push({ end: () => syncFile(file).then(resolve, reject), fail: reject })
      arrivals.shift()?.()
    })
  return {
    sync,
    waiting,
    /** The next sync that is asked for, or one that waits already. */
    async asked() {
      if (waiting.length === 0) await new Promise<void>((resolve) => arrivals.push(resolve))
      return waiting.shift() as { end(): void; fail(error: Error): void }
    },
  }
}
