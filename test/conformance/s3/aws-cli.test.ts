/** The AWS CLI: `s3api` with every operation offered, and what `s3` does beyond the transfers beside this file. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { HeadObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { operations } from '../../../src/services/s3/operations.ts'
import { patterned } from '../../contracts/object-store.ts'
import { noAwsCli, noAwsCliModule, runAgainst, titled } from '../../support/installed.ts'
import { startLake, type TestLake, temporaryDirectory } from '../../support/lake.ts'

const MIB = 1024 * 1024
const SESSION = fileURLToPath(new URL('./s3api-session.txt', import.meta.url))
const SCRIPT = fileURLToPath(new URL('./s3api-session.py', import.meta.url))

const directory = temporaryDirectory()
const folder = temporaryDirectory()
let lake: TestLake
beforeAll(async () => {
  lake = await startLake(directory.path)
  await writeFile(at('hello'), 'hello')
  await writeFile(at('part'), patterned(5 * MIB))
})
afterAll(async () => {
  await lake.stop()
  directory.remove()
  folder.remove()
})

const at = (...names: string[]) => join(folder.path, ...names)

describe.skipIf(noAwsCliModule !== undefined)(titled('aws s3api', noAwsCliModule), () => {
  test('every line of the session holds', async () => {
    const { held } = JSON.parse(await runAgainst(lake, 'python3', [SCRIPT, folder.path])) as { held: number }
    expect(held).toBe((await sessionLines()).length)
  })

  test('and leaves no operation out', async () => {
    const commands = new Set((await sessionLines()).map((line) => /^(?:\w+ = )?(\S+)/.exec(line)?.[1]))
    expect(
      Object.keys(operations)
        .map(commandOf)
        .filter((command) => !commands.has(command)),
    ).toEqual([])
  })
})

describe.skipIf(noAwsCli !== undefined)(titled('aws s3', noAwsCli), () => {
  const aws = (...args: string[]) => runAgainst(lake, 'aws', ['s3', ...args])

  test('64 MiB in parts, by every checksum that needs no extra of the CLI', async () => {
    await aws('mb', 's3://cli-tree')
    const bytes = patterned(64 * MIB)
    await writeFile(at('big'), bytes)
    for (const algorithm of ['CRC32', 'SHA1', 'SHA256']) {
      const Key = `big/${algorithm}`
      await aws('cp', at('big'), `s3://cli-tree/${Key}`, '--checksum-algorithm', algorithm, '--quiet')
      const head = await lake.s3.send(new HeadObjectCommand({ Bucket: 'cli-tree', Key, ChecksumMode: 'ENABLED' }))
      expect(head).toMatchObject({ ContentLength: bytes.byteLength, [`Checksum${algorithm}`]: expect.any(String) })
    }
    await aws('cp', 's3://cli-tree/big/SHA256', at('big.back'), '--checksum-mode', 'ENABLED', '--quiet')
    expect(digest(await readFile(at('big.back')))).toBe(digest(bytes))
  })

  test('a tree with filters, metadata and a storage class; pipes in and out', async () => {
    await mkdir(at('tree', 'deep'), { recursive: true })
    for (const name of ['one.csv', 'two.json', 'deep/three.csv']) await writeFile(at('tree', name), name)
    const options = ['--recursive', '--exclude', '*', '--include', '*.csv', '--quiet']
    const described = ['--metadata', 'by=till', '--content-type', 'text/csv', '--storage-class', 'STANDARD_IA']
    await aws('cp', at('tree'), 's3://cli-tree/tree', ...options, ...described, '--cache-control', 'no-store')
    expect(await aws('ls', '--recursive', 's3://cli-tree/tree')).toMatch(/deep\/three\.csv\n.*tree\/one\.csv\n$/)
    const head = await lake.s3.send(new HeadObjectCommand({ Bucket: 'cli-tree', Key: 'tree/one.csv' }))
    expect(head).toMatchObject({
      ContentType: 'text/csv',
      CacheControl: 'no-store',
      StorageClass: 'STANDARD_IA',
      Metadata: { by: 'till' },
    })
    await aws('mv', 's3://cli-tree/tree', 's3://cli-tree/moved +/ü', '--recursive', '--quiet')
    await aws('cp', 's3://cli-tree/moved +/ü', at('back'), '--recursive', '--quiet')
    expect(await readFile(at('back', 'deep', 'three.csv'), 'utf8')).toBe('deep/three.csv')
    await piped(['s3', 'cp', '-', 's3://cli-tree/piped'], 'through a pipe')
    expect(await aws('cp', 's3://cli-tree/piped', '-')).toBe('through a pipe')
  })

  test('a bucket that is not empty stays, unless it is forced', async () => {
    await expect(aws('rb', 's3://cli-tree')).rejects.toThrow('BucketNotEmpty')
    await expect(aws('website', 's3://cli-tree', '--index-document', 'i.html')).rejects.toThrow('PutBucketWebsite')
    await aws('rb', 's3://cli-tree', '--force')
    await expect(aws('ls', 's3://cli-tree')).rejects.toThrow('NoSuchBucket')
  })

  function piped(args: readonly string[], input: string): Promise<void> {
    const child = spawn('aws', args, {
      env: { ...process.env, ...lake.environment },
      stdio: ['pipe', 'ignore', 'inherit'],
    })
    child.stdin.end(input)
    return new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (status) => (status === 0 ? resolve() : reject(new Error(`aws ended with ${status}`))))
    })
  }
})

async function sessionLines(): Promise<readonly string[]> {
  return (await readFile(SESSION, 'utf8')).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
}

const commandOf = (operation: string) => operation.replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase()
const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
