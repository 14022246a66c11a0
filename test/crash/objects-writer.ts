/** Child of objects.test.ts: writes objects without end, telling its parent what it is about to do and what is done. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { openLocalObjectStore } from '../../src/objects/local/open-local-object-store.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { nodeFileSystem } from '../../src/platform/file-system.ts'
import { Ids } from '../../src/platform/ids.ts'
import { silentLog } from '../../src/platform/log.ts'
import { seededRandom, systemRandom } from '../../src/platform/random.ts'
import { MetadataDatabase } from '../../src/platform/sqlite.ts'

/** `digest` undefined: the key is deleted. */
export interface Step {
  readonly key: string
  readonly digest: string | undefined
  readonly isDone: boolean
}

const WRITERS = 4
const KEYS_EACH = 8
const SIZE_MAX = 300_000

const [directory, seed] = process.argv.slice(2) as [string, string]
const choice = seededRandom(Number(seed))
const store = await openLocalObjectStore({
  directory,
  database: new MetadataDatabase(join(directory, 'lake.db')),
  files: nodeFileSystem,
  clock: systemClock,
  random: systemRandom,
  ids: new Ids(systemRandom),
  log: silentLog,
})
if (store.findBucket('lake') === undefined) await store.createBucket('lake', 'us-east-1')
await Promise.all(Array.from({ length: WRITERS }, (_, writer) => writeForever(writer)))

async function writeForever(writer: number): Promise<never> {
  for (;;) {
    const key = `${writer}/${Math.floor(choice.unit() * KEYS_EACH)}`
    const isDelete = choice.unit() < 0.2
    const body = choice.bytes(Math.floor(choice.unit() ** 2 * SIZE_MAX))
    const digest = isDelete ? undefined : createHash('sha256').update(body).digest('hex')
    tell({ key, digest, isDone: false })
    if (isDelete) await store.delete({ bucket: 'lake', key })
    else if (choice.unit() < 0.2) await inParts(key, body)
    else await store.put({ bucket: 'lake', key }, body)
    tell({ key, digest, isDone: true })
  }
}

async function inParts(key: string, body: Buffer): Promise<void> {
  const upload = await store.createUpload({ bucket: 'lake', key }, {})
  await store.putPart(upload, 1, body)
  await store.completeUpload(upload, [{ number: 1 }])
}

function tell(step: Step): void {
  process.send?.(step)
}
