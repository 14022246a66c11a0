/** s3cmd, signing with Version 4. Skipped where it is not installed. */
import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { CreateMultipartUploadCommand, HeadObjectCommand, ListMultipartUploadsCommand } from '@aws-sdk/client-s3'
import { beforeAll, describe, expect, test } from 'vitest'
import { patterned } from '../../contracts/object-store.ts'
import { noS3cmd, runAgainst, titled } from '../../support/installed.ts'
import { lakeOfFile } from '../../support/lake-of-file.ts'

const MIB = 1024 * 1024
const ODD_NAMES = ['ünï cöde +%25&=?#.txt', 'quote\'"<&>', '日本/🦊', '-dash', 'a+b%2Fc', ' space ', 'deep/er/still']

const { lake, folder } = lakeOfFile()
beforeAll(async () => {
  const { host } = new URL(lake().endpoint)
  const { accessKeyId, secretAccessKey } = lake().credentials
  await writeFile(
    at('s3cfg'),
    `[default]\naccess_key = ${accessKeyId}\nsecret_key = ${secretAccessKey}\nhost_base = ${host}\nhost_bucket = ${host}\nuse_https = False\nmax_retries = 1\n`,
  )
})

const at = (...names: string[]) => join(folder, ...names)

describe.skipIf(noS3cmd !== undefined)(titled('s3cmd', noS3cmd), () => {
  const s3cmd = (...args: string[]) =>
    runAgainst(lake(), 's3cmd', ['--config', at('s3cfg'), '--no-progress', ...args], { LC_ALL: 'C.UTF-8' })

  test('makes a bucket; puts and gets every size, in parts above 15 MiB', async () => {
    await s3cmd('mb', 's3://s3cmd-lake')
    for (const size of [0, 1, 100_000, 64 * MIB]) {
      const bytes = patterned(size)
      await writeFile(at('up'), bytes)
      await s3cmd('put', at('up'), `s3://s3cmd-lake/sizes/${size}`)
      await s3cmd('get', '--force', `s3://s3cmd-lake/sizes/${size}`, at('down'))
      expect(digest(await readFile(at('down')))).toBe(digest(bytes))
    }
    expect(await s3cmd('du', 's3://s3cmd-lake')).toMatch(new RegExp(`^ *${64 * MIB + 100_001} +4 objects`))
    expect(await s3cmd('ls')).toContain('s3://s3cmd-lake')
  })

  test('odd names are synchronised both ways, once', async () => {
    for (const name of ODD_NAMES) {
      await mkdir(dirname(at('tree', name)), { recursive: true })
      await writeFile(at('tree', name), name)
    }
    await s3cmd('sync', `${at('tree')}/`, 's3://s3cmd-lake/tree/')
    expect(await s3cmd('sync', '--dry-run', `${at('tree')}/`, 's3://s3cmd-lake/tree/')).not.toContain('upload:')
    const listed = await s3cmd('ls', '--recursive', 's3://s3cmd-lake/tree/')
    for (const name of ODD_NAMES) expect(listed).toContain(`s3://s3cmd-lake/tree/${name}`)
    await s3cmd('sync', 's3://s3cmd-lake/tree/', `${at('back')}/`)
    for (const name of ODD_NAMES) expect(await readFile(at('back', name), 'utf8')).toBe(name)
  })

  test('metadata, copies, moves, links and what info tells', async () => {
    await writeFile(at('page.csv'), 'a,b\n1,2\n')
    await s3cmd(
      'put',
      at('page.csv'),
      's3://s3cmd-lake/page',
      '--mime-type',
      'text/csv',
      '--add-header',
      'x-amz-meta-by:till',
    )
    expect(await s3cmd('info', 's3://s3cmd-lake/page')).toMatch(/MIME type: text\/csv[\s\S]*MD5 sum: +[0-9a-f]{32}/)
    // Without --acl-private s3cmd 2.3 copies the ACL too, which a bucket without ACLs refuses, at AWS as here.
    await s3cmd('cp', '--acl-private', 's3://s3cmd-lake/page', 's3://s3cmd-lake/a copy +.csv')
    await s3cmd('mv', '--acl-private', 's3://s3cmd-lake/a copy +.csv', 's3://s3cmd-lake/moved')
    await s3cmd('modify', '--acl-private', 's3://s3cmd-lake/moved', '--add-header', 'Cache-Control:no-store')
    const head = await lake().s3.send(new HeadObjectCommand({ Bucket: 's3cmd-lake', Key: 'moved' }))
    expect(head).toMatchObject({ ContentType: 'text/csv', CacheControl: 'no-store', Metadata: { by: 'till' } })
    const link = (await s3cmd('signurl', 's3://s3cmd-lake/moved', '+60')).trim()
    expect(await (await fetch(link)).text()).toBe('a,b\n1,2\n')
  })

  test('an upload that was begun is listed and aborted', async () => {
    const begun = await begin()
    expect(await s3cmd('multipart', 's3://s3cmd-lake')).toContain(begun)
    await s3cmd('abortmp', 's3://s3cmd-lake/begun', begun)
    const { Uploads } = await lake().s3.send(new ListMultipartUploadsCommand({ Bucket: 's3cmd-lake' }))
    expect(Uploads).toBeUndefined()
  })

  test('del, and rb of a bucket with all that is in it', async () => {
    await s3cmd('del', 's3://s3cmd-lake/moved')
    await s3cmd('del', '--recursive', '--force', 's3://s3cmd-lake/tree/')
    expect(await s3cmd('ls', 's3://s3cmd-lake/tree/')).toBe('')
    await expect(s3cmd('rb', 's3://s3cmd-lake')).rejects.toThrow('not empty')
    await s3cmd('rb', '--recursive', '--force', 's3://s3cmd-lake')
    expect(await s3cmd('ls')).toBe('')
    await expect(s3cmd('ls', 's3://s3cmd-lake')).rejects.toThrow('NoSuchBucket')
  })
})

async function begin(): Promise<string> {
  const { UploadId = '' } = await lake().s3.send(
    new CreateMultipartUploadCommand({ Bucket: 's3cmd-lake', Key: 'begun' }),
  )
  return UploadId
}

const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
