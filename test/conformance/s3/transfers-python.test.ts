/** boto3 and the AWS CLI move bodies in and out of a lake that verifies signatures. Skipped where not installed. */
import { createHash } from 'node:crypto'
import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { patterned } from '../../contracts/object-store.ts'
import { noAwsCli, noBoto3, runAgainst, titled } from '../../support/installed.ts'
import { lakeOfFile } from '../../support/lake-of-file.ts'

const SCRIPT = fileURLToPath(new URL('./transfers-boto3.py', import.meta.url))

const AN_HOUR_AGO = new Date(Date.now() - 3_600_000)
const { lake, folder } = lakeOfFile()

test.skipIf(noBoto3 !== undefined)(
  titled('boto3: every mode of checksums and signing, pipes, odd keys, links of both signature versions', noBoto3),
  async () => {
    const { held } = JSON.parse(await runAgainst(lake(), 'python3', [SCRIPT])) as { held: number }
    expect(held).toBeGreaterThan(60)
  },
)

describe.skipIf(noAwsCli !== undefined)(titled('the AWS CLI', noAwsCli), () => {
  const aws = (...args: string[]) => runAgainst(lake(), 'aws', ['s3', ...args])
  const at = (...names: string[]) => join(folder, ...names)

  test('cp moves 0 bytes, some, and 20 MB in parts, both ways', async () => {
    await aws('mb', 's3://cli-lake')
    for (const size of [0, 5, 20_000_000]) {
      const bytes = patterned(size)
      await writeFile(at('up'), bytes)
      await aws('cp', at('up'), `s3://cli-lake/sizes/${size}`, '--quiet')
      await aws('cp', `s3://cli-lake/sizes/${size}`, at('down'), '--quiet')
      expect(digest(await readFile(at('down')))).toBe(digest(bytes))
    }
    await aws('cp', 's3://cli-lake/sizes/20000000', 's3://cli-lake/sizes/copy', '--quiet')
    expect(await aws('ls', 's3://cli-lake/sizes/', '--summarize')).toMatch(
      /Total Objects: 4[\s\S]*Total Size: 40000005/,
    )
  })

  test('sync, mv, ls and rm of odd names', async () => {
    const names = ['one.txt', 'ünï cöde +%25&.txt', "deep/er/quote's.txt", '日本/🦊.txt', 'deep/-dash']
    for (const name of names) {
      await mkdir(join(at('tree', name), '..'), { recursive: true })
      await writeFile(at('tree', name), name)
      // S3 keeps whole seconds: a file made in the second of its upload would look newer than its object.
      await utimes(at('tree', name), AN_HOUR_AGO, AN_HOUR_AGO)
    }
    const first = await aws('sync', at('tree'), 's3://cli-lake/tree', '--no-progress')
    expect(first.trim().split('\n')).toHaveLength(names.length)
    expect(await aws('sync', at('tree'), 's3://cli-lake/tree'), 'nothing to do the second time').toBe('')
    await aws('mv', 's3://cli-lake/tree/one.txt', 's3://cli-lake/tree/moved +.txt')
    await aws('sync', 's3://cli-lake/tree', at('back'), '--quiet')
    for (const name of [...names.slice(1), 'moved +.txt']) {
      expect(await readFile(at('back', name), 'utf8')).toBe(name === 'moved +.txt' ? 'one.txt' : name)
    }
    await aws('sync', at('tree'), 's3://cli-lake/tree', '--delete', '--quiet')
    expect(await aws('ls', '--recursive', 's3://cli-lake/tree/')).not.toContain('moved')
    await aws('rm', '--recursive', 's3://cli-lake/tree', '--quiet')
    expect(await aws('ls', 's3://cli-lake/')).not.toContain('tree')
  })

  test('presign gives a link that anyone can fetch', async () => {
    await writeFile(at('shared'), 'for everyone')
    await aws('cp', at('shared'), 's3://cli-lake/a b/shared é', '--quiet')
    const link = (await aws('presign', 's3://cli-lake/a b/shared é', '--expires-in', '60')).trim()
    expect(await (await fetch(link)).text()).toBe('for everyone')
  })

  test('what is not there is an error, not an empty file', async () => {
    await expect(aws('cp', 's3://cli-lake/none', at('none'))).rejects.toThrow('404')
    await expect(aws('ls', 's3://no-such-lake')).rejects.toThrow('NoSuchBucket')
  })
})

const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
