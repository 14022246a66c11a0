import { existsSync, mkdirSync, readlinkSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { memoryTier } from '../../../src/objects/local/memory-tier.ts'
import { nodeFileSystem } from '../../../src/platform/file-system.ts'

const namespace = existsSync('/proc/self/ns/pid') ? /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] : undefined

test.skipIf(namespace === undefined || !existsSync('/dev/shm'))(
  'what a killed lake left in memory is removed; what lives, or is of another container, stays',
  async () => {
    const secret = 'f'.repeat(32)
    /** Above the greatest process id there can be. */
    const dead = `/dev/shm/lakelet-${namespace}-4194305-${secret}`
    const foreign = `/dev/shm/lakelet-1-4194305-${secret}`
    const living = `/dev/shm/lakelet-${namespace}-${process.pid}-${secret}`
    for (const folder of [dead, foreign, living]) mkdirSync(folder)
    await memoryTier(nodeFileSystem, secret)
    expect([dead, foreign, living].map((folder) => existsSync(folder))).toEqual([false, true, true])
    for (const folder of [foreign, living]) await rm(folder, { recursive: true })
  },
)
