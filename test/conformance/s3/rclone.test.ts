/** rclone, with S3 of the provider `Other` and of AWS. Skipped where it is not installed. */
import { createHash } from 'node:crypto'
import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { GetBucketVersioningCommand, HeadObjectCommand, ListMultipartUploadsCommand } from '@aws-sdk/client-s3'
import { describe, expect, test } from 'vitest'
import { patterned } from '../../contracts/object-store.ts'
import { noRclone, runAgainst, titled } from '../../support/installed.ts'
import { lakeOfFile } from '../../support/lake-of-file.ts'

const MIB = 1024 * 1024
const ODD_NAMES = ['ünï cöde +%25&=?#.txt', 'quote\'"<&>', '日本/🦊', '-dash', 'a+b%2Fc', ' space ', 'deep/er/still']
const SIZES = [0, 1, 100_000, 5 * MIB, 64 * MIB]

const { lake, folder } = lakeOfFile()

const at = (...names: string[]) => join(folder, ...names)

describe.skipIf(noRclone !== undefined)(titled('rclone', noRclone), () => {
  const rclone = (...args: string[]) =>
    runAgainst(lake(), 'rclone', ['--retries', '1', '--low-level-retries', '1', '--log-level', 'NOTICE', ...args], {
      RCLONE_CONFIG: at('none.conf'),
      RCLONE_CONFIG_LAKE_TYPE: 's3',
      RCLONE_CONFIG_LAKE_PROVIDER: 'Other',
      RCLONE_CONFIG_LAKE_ENV_AUTH: 'true',
      RCLONE_CONFIG_LAKE_REGION: 'us-east-1',
      RCLONE_CONFIG_LAKE_ENDPOINT: lake().endpoint,
      // Until 1.61 it sent the ACL `private` by itself, which buckets without ACLs refuse, here as on AWS.
      RCLONE_CONFIG_LAKE_ACL: 'bucket-owner-full-control',
      RCLONE_CONFIG_LAKE_BUCKET_ACL: 'private',
    })
  const lines = async (...args: string[]) => (await rclone(...args)).split('\n').filter((line) => line !== '')

  test('a tree of odd names and every size goes up, is found the same, and comes back', async () => {
    await rclone('mkdir', 'lake:rclone-lake')
    for (const name of ODD_NAMES) await fileOf(name, Buffer.from(name))
    for (const size of SIZES) await fileOf(`sizes/${size}`, patterned(size))
    await rclone('sync', at('tree'), 'lake:rclone-lake/tree', '--s3-upload-cutoff', '8M', '--s3-chunk-size', '8M')
    await rclone('check', at('tree'), 'lake:rclone-lake/tree', '--download')
    expect(await rclone('sync', at('tree'), 'lake:rclone-lake/tree', '--dry-run'), 'nothing left to do').toBe('')
    await rclone('copy', 'lake:rclone-lake/tree', at('back'))
    for (const name of ODD_NAMES) expect(await readFile(at('back', name), 'utf8')).toBe(name)
    expect(digest(await readFile(at('back', 'sizes', `${64 * MIB}`)))).toBe(digest(patterned(64 * MIB)))
  })

  test('listings, sizes, sums and times', async () => {
    expect(await lines('lsf', 'lake:')).toContain('rclone-lake/')
    expect((await lines('lsf', '-R', '--files-only', 'lake:rclone-lake/tree')).sort()).toEqual(
      [...ODD_NAMES, ...SIZES.map((size) => `sizes/${size}`)].sort(),
    )
    expect(await lines('lsf', '--dirs-only', 'lake:rclone-lake/tree')).toEqual(['deep/', 'sizes/', '日本/'])
    const total =
      SIZES.reduce((sum, size) => sum + size, 0) + ODD_NAMES.reduce((sum, name) => sum + byteLength(name), 0)
    expect(JSON.parse(await rclone('size', '--json', 'lake:rclone-lake/tree'))).toMatchObject({
      count: 12,
      bytes: total,
    })
    const sums = await lines('md5sum', 'lake:rclone-lake/tree/sizes')
    expect(sums).toContain(`${createHash('md5').update(patterned(100_000)).digest('hex')}  100000`)
    const [listed] = JSON.parse(await rclone('lsjson', 'lake:rclone-lake/tree/-dash')) as [{ ModTime: string }]
    expect(new Date(listed.ModTime)).toEqual(ANCIENT)
  })

  test('cat by range, a pipe of unknown length, metadata and a link', async () => {
    expect(await rclone('cat', '--offset', '1', '--count', '3', 'lake:rclone-lake/tree/-dash')).toBe('das')
    await rclone('copyto', at('tree', '-dash'), 'lake:rclone-lake/meta', '--header-upload', 'Cache-Control: no-store')
    const head = await lake().s3.send(new HeadObjectCommand({ Bucket: 'rclone-lake', Key: 'meta' }))
    expect(head).toMatchObject({ CacheControl: 'no-store', Metadata: { mtime: String(ANCIENT.getTime() / 1000) } })
    const link = (await rclone('link', '--expire', '1m', 'lake:rclone-lake/tree/日本/🦊')).trim()
    expect(await (await fetch(link)).text()).toBe('日本/🦊')
  })

  test('copies and moves within the lake, and deletes what the source has not', async () => {
    await rclone(
      'copyto',
      `lake:rclone-lake/tree/sizes/${64 * MIB}`,
      'lake:rclone-lake/copy',
      '--s3-copy-cutoff',
      '16M',
    )
    await rclone('moveto', 'lake:rclone-lake/copy', 'lake:rclone-lake/moved')
    expect(await lines('lsf', 'lake:rclone-lake')).toEqual(['meta', 'moved', 'tree/'])
    await rclone('touch', 'lake:rclone-lake/moved', '--timestamp', '2020-02-02T02:02:02')
    expect(await rclone('lsl', 'lake:rclone-lake/moved')).toContain('2020-02-02 02:02:02')
    await rclone('sync', at('tree', 'deep'), 'lake:rclone-lake/tree')
    expect(await lines('lsf', '-R', '--files-only', 'lake:rclone-lake/tree')).toEqual(['er/still'])
  })

  test('versions are switched on, shown and cleaned', async () => {
    await rclone('backend', 'versioning', 'lake:rclone-lake', 'Enabled')
    const { Status } = await lake().s3.send(new GetBucketVersioningCommand({ Bucket: 'rclone-lake' }))
    expect(Status).toBe('Enabled')
    await writeFile(at('tree', '-dash'), 'new')
    await rclone('copyto', at('tree', '-dash'), 'lake:rclone-lake/meta')
    expect(await lines('lsf', '--files-only', '--s3-versions', '--include', 'meta*', 'lake:rclone-lake')).toHaveLength(
      2,
    )
    await rclone('backend', 'cleanup-hidden', 'lake:rclone-lake')
    expect(await lines('lsf', '--files-only', '--s3-versions', '--include', 'meta*', 'lake:rclone-lake')).toEqual([
      'meta',
    ])
  })

  test('what was left half-way is cleaned up, and purge takes the bucket', async () => {
    await rclone('cleanup', 'lake:rclone-lake')
    const { Uploads } = await lake().s3.send(new ListMultipartUploadsCommand({ Bucket: 'rclone-lake' }))
    expect(Uploads).toBeUndefined()
    await rclone('delete', 'lake:rclone-lake')
    await rclone('backend', 'versioning', 'lake:rclone-lake', 'Suspended')
    await rclone('backend', 'cleanup-hidden', 'lake:rclone-lake')
    await rclone('purge', 'lake:rclone-lake')
    expect(await lines('lsf', 'lake:')).toEqual([])
    await expect(rclone('lsf', 'lake:rclone-lake')).rejects.toThrow('directory not found')
  })
})

const ANCIENT = new Date('2024-02-29T12:00:00Z')

async function fileOf(name: string, bytes: Buffer): Promise<void> {
  await mkdir(dirname(at('tree', name)), { recursive: true })
  await writeFile(at('tree', name), bytes)
  await utimes(at('tree', name), ANCIENT, ANCIENT)
}

const byteLength = (text: string) => Buffer.byteLength(text)
const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
