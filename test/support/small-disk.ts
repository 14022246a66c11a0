/** A disk of a few megabytes to fill up: a tmpfs of its own, where this process may mount one. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface SmallDisk {
  readonly path: string
  /** Leaves so many bytes free, by a file that is not the lake's. */
  fillUpTo(bytesFree: number): void
  /** Removes that file. */
  makeRoom(): void
  remove(): void
}

/** The reason to skip, or undefined when small disks can be made. */
export const noSmallDisk = canMount() ? undefined : 'skipped: mounting a tmpfs needs Linux and root'

export function smallDisk(megabytes: number): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), 'lakelet-disk-'))
  const { status, stderr } = mount(path, megabytes)
  if (status !== 0) throw new Error(`mount: ${stderr}`)
  const filler = join(path, 'filler')
  return {
    path,
    fillUpTo(bytesFree) {
      rmSync(filler, { force: true })
      const { bavail, bsize } = statfsSync(path)
      try {
        writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - bytesFree)))
      } catch (error) {
        // The lake wrote meanwhile, and the disk is full sooner.
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      }
    },
    makeRoom: () => rmSync(filler, { force: true }),
    remove() {
      spawnSync('umount', [path])
      rmSync(path, { recursive: true, force: true })
    },
  }
}

function mount(path: string, megabytes: number) {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path], { encoding: 'utf8' })
}

function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  const path = mkdtempSync(join(tmpdir(), 'lakelet-disk-'))
  const { status } = mount(path, 1)
  if (status === 0) spawnSync('umount', [path])
  rmSync(path, { recursive: true, force: true })
  return status === 0
}
