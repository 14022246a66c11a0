/** S3 Control as boto3 asks it: what Terraform's provider does with the tags of a bucket. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type S3Lake, startS3Lake } from './support.ts'

let lake: S3Lake

beforeAll(async () => {
  lake = await startS3Lake()
})
afterAll(() => lake.close())

// The client puts the account before the host; not every machine resolves names under localhost.
const SCRIPT = `
import boto3, json, os, socket
resolve = socket.getaddrinfo
socket.getaddrinfo = lambda host, *rest, **more: resolve('127.0.0.1', *rest, **more)
boto3.client('s3').create_bucket(Bucket='tagged')
control = boto3.client('s3control', endpoint_url=os.environ['AWS_ENDPOINT_URL'].replace('127.0.0.1', 'localhost'))
bucket = {'AccountId': '000000000000', 'ResourceArn': 'arn:aws:s3:::tagged'}
tags = lambda: control.list_tags_for_resource(**bucket)['Tags']
seen = [tags()]
control.tag_resource(**bucket, Tags=[{'Key': 'a', 'Value': 'b c'}, {'Key': 'd', 'Value': ''}])
seen.append(tags())
control.untag_resource(**bucket, TagKeys=['a'])
seen.append(tags())
print(json.dumps(seen))
`

test('tags of a bucket are written, read and removed', async () => {
  expect(JSON.parse(await lake.run('python3', ['-c', SCRIPT]))).toEqual([
    [],
    [
      { Key: 'a', Value: 'b c' },
      { Key: 'd', Value: '' },
    ],
    [{ Key: 'd', Value: '' }],
  ])
})
