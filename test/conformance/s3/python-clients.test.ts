/** boto3 and the AWS command line against the real store. Skipped where they are not installed. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { patterned } from '../../contracts/object-store.ts'
import { type S3Lake, startS3Lake } from './support.ts'

const hasBoto = spawnSync('python3', ['-c', 'import boto3']).status === 0
const hasAws = spawnSync('aws', ['--version']).status === 0

let lake: S3Lake
let folder: string

beforeAll(async () => {
  lake = await startS3Lake()
  folder = await mkdtemp(join(tmpdir(), 'lakelet-clients-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
  await lake.close()
})

/** What a Python user's program does; an assertion that fails ends the program, which fails the test. */
const BOTO = `
import boto3, hashlib, io, os
from botocore.exceptions import ClientError

s3 = boto3.client('s3')
s3.create_bucket(Bucket='boto.raw')
s3.put_public_access_block(Bucket='boto.raw', PublicAccessBlockConfiguration={'BlockPublicAcls': True, 'IgnorePublicAcls': True, 'BlockPublicPolicy': True, 'RestrictPublicBuckets': True})
s3.put_bucket_versioning(Bucket='boto.raw', VersioningConfiguration={'Status': 'Enabled'})
s3.put_bucket_encryption(Bucket='boto.raw', ServerSideEncryptionConfiguration={'Rules': [{'ApplyServerSideEncryptionByDefault': {'SSEAlgorithm': 'AES256'}}]})
assert s3.get_bucket_versioning(Bucket='boto.raw')['Status'] == 'Enabled'

body = os.urandom(3_000_000)
put = s3.put_object(Bucket='boto.raw', Key='a/ä +%25.bin', Body=body)
assert put['ETag'] == '"%s"' % hashlib.md5(body).hexdigest(), put
assert put['ServerSideEncryption'] == 'AES256' and len(put['VersionId']) == 32
assert s3.get_object(Bucket='boto.raw', Key='a/ä +%25.bin')['Body'].read() == body
part = s3.get_object(Bucket='boto.raw', Key='a/ä +%25.bin', Range='bytes=100-199')
assert part['Body'].read() == body[100:200] and part['ContentRange'] == 'bytes 100-199/3000000'

big = os.urandom(20_000_000)
s3.upload_fileobj(io.BytesIO(big), 'boto.raw', 'big')
got = io.BytesIO()
s3.download_fileobj('boto.raw', 'big', got)
assert got.getvalue() == big
head = s3.head_object(Bucket='boto.raw', Key='big', ChecksumMode='ENABLED')
assert head['ETag'].endswith('-3"') and head['ContentLength'] == len(big), head
s3.copy({'Bucket': 'boto.raw', 'Key': 'big'}, 'boto.raw', 'copy')
assert s3.head_object(Bucket='boto.raw', Key='copy')['ContentLength'] == len(big)

for n in range(12):
    s3.put_object(Bucket='boto.raw', Key='list/key %d' % n, Body=b'x')
keys = [o['Key'] for page in s3.get_paginator('list_objects_v2').paginate(Bucket='boto.raw', Prefix='list/', PaginationConfig={'PageSize': 5}) for o in page['Contents']]
assert sorted(keys) == sorted('list/key %d' % n for n in range(12)), keys
v1 = [o['Key'] for page in s3.get_paginator('list_objects').paginate(Bucket='boto.raw', Prefix='list/', PaginationConfig={'PageSize': 5}) for o in page['Contents']]
assert v1 == keys

def code(call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        return error.response['Error']['Code']
assert code(s3.get_object, Bucket='boto.raw', Key='none') == 'NoSuchKey'
assert code(s3.head_object, Bucket='boto.raw', Key='none') == '404'
assert code(s3.put_object, Bucket='boto.raw', Key='big', Body=b'x', IfNoneMatch='*') == 'PreconditionFailed'
assert code(s3.get_bucket_policy, Bucket='boto.raw') == 'NoSuchBucketPolicy'
assert code(s3.delete_bucket, Bucket='boto.raw') == 'BucketNotEmpty'

bucket = boto3.resource('s3').Bucket('boto.raw')
bucket.object_versions.delete()
bucket.delete()
print('every assertion held')
`

describe.skipIf(!hasBoto)('boto3', () => {
  test('does what a Python program of a lake does', async () => {
    expect(await lake.run('python3', ['-c', BOTO])).toContain('every assertion held')
  })
})

describe.skipIf(!hasAws)('the AWS command line', () => {
  const aws = (...args: string[]) => lake.run('aws', ['s3', ...args])
  const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

  test('makes, copies, lists, moves, synchronises and removes', async () => {
    await aws('mb', 's3://cli-lake')
    for (const size of [0, 1, 100_000, 20_000_000]) {
      const bytes = patterned(size)
      await writeFile(join(folder, 'up'), bytes)
      await aws('cp', join(folder, 'up'), `s3://cli-lake/sizes/${size}`)
      await aws('cp', `s3://cli-lake/sizes/${size}`, join(folder, 'down'))
      expect(digest(await readFile(join(folder, 'down')))).toBe(digest(bytes))
    }
    expect(await aws('ls', 's3://cli-lake/sizes/')).toContain('20000000')

    await mkdir(join(folder, 'tree', 'deep'), { recursive: true })
    await writeFile(join(folder, 'tree', 'one.txt'), 'one')
    await writeFile(join(folder, 'tree', 'deep', 'two.txt'), 'two')
    // S3 keeps whole seconds: a file made in the second of its upload would look newer than the object.
    const anHourAgo = Date.now() / 1000 - 3600
    for (const name of ['one.txt', 'deep/two.txt']) await utimes(join(folder, 'tree', name), anHourAgo, anHourAgo)
    expect(await aws('sync', join(folder, 'tree'), 's3://cli-lake/tree')).toContain('deep/two.txt')
    expect(await aws('sync', join(folder, 'tree'), 's3://cli-lake/tree')).toBe('')
    await aws('mv', 's3://cli-lake/tree/one.txt', 's3://cli-lake/tree/moved.txt')
    expect(await aws('ls', '--recursive', 's3://cli-lake/tree/')).toMatch(/tree\/deep\/two\.txt[\s\S]*tree\/moved\.txt/)
    await aws('rm', '--recursive', 's3://cli-lake/tree')
    await aws('rb', '--force', 's3://cli-lake')
    expect(await aws('ls')).not.toContain('cli-lake')
  })
})
