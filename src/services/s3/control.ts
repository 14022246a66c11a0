/**
 * S3 Control's tags of buckets: Terraform's provider (6.23 and later) reads and writes a bucket's tags through it.
 * The rest of S3 Control is refused. Its requests come to S3's door: signed for s3, known by path and account header.
 *
 *   GET, POST, DELETE /v20180820/tags/<percent-encoded arn of the bucket>
 */
import { WireError } from '../../wire/error.ts'
import type { WireRequest, WireResponse } from '../../wire/http.ts'
import type { Tag } from '../../wire/model/s3.ts'
import { readBody } from '../../wire/rest-xml/index.ts'
import { MalformedXml, parseXml, type XmlElement } from '../../wire/xml/parse.ts'
import { element, textElement, XML_DECLARATION } from '../../wire/xml/write.ts'
import { requireAllowed } from './access/authorise.ts'
import type { S3Context } from './context.ts'
import { malformedXml, notImplemented } from './errors.ts'
import { bucketNamed } from './requests.ts'
import { requireOwner } from './screen.ts'
import { BUCKET_TAGS_MAX, tagSetOf, tagsOfSet } from './tags.ts'

const PATH = '/v20180820/'
const TAGS = `${PATH}tags/`
/** 50 tags of the greatest length, escaped. */
const BODY_BYTES_MAX = 256 * 1024

export function isControl({ rawPath, headers }: WireRequest): boolean {
  return rawPath.startsWith(PATH) && headers['x-amz-account-id'] !== undefined
}

export async function control(request: WireRequest, context: S3Context): Promise<WireResponse> {
  const operation = request.rawPath.startsWith(TAGS) ? OPERATIONS[request.method] : undefined
  if (operation === undefined) throw notImplemented(`${request.method} ${request.rawPath} of S3 Control`)
  requireOwner(request.headers['x-amz-account-id'], context.accountId)
  const bucket = bucketOfArn(decodeURIComponent(request.rawPath.slice(TAGS.length)), context)
  bucketNamed(context.objects, bucket)
  await requireAllowed([{ action: operation.action, bucket }], { request, context })
  return operation.run(bucket, request, context)
}

interface ControlOperation {
  readonly action: string
  run(bucket: string, request: WireRequest, context: S3Context): Promise<WireResponse>
}

const OPERATIONS: Readonly<Record<string, ControlOperation>> = {
  GET: { action: 's3:ListTagsForResource', run: listTags },
  POST: { action: 's3:TagResource', run: addTags },
  DELETE: { action: 's3:UntagResource', run: removeTags },
}

/** An empty list where there are none: no error, unlike GetBucketTagging. */
async function listTags(bucket: string, _request: WireRequest, { objects }: S3Context): Promise<WireResponse> {
  const markup = tagSetOf(bucketNamed(objects, bucket).tags).map(({ Key, Value }) =>
    element('Tag', textElement('Key', Key) + textElement('Value', Value)),
  )
  const namespace = ' xmlns="http://awss3control.amazonaws.com/doc/2018-08-20/"'
  return {
    status: 200,
    headers: { 'content-type': 'application/xml' },
    body: XML_DECLARATION + element('ListTagsForResourceResult', element('Tags', markup.join('')), namespace),
  }
}

async function addTags(bucket: string, request: WireRequest, { objects }: S3Context): Promise<WireResponse> {
  const given = tagsOfDocument((await readBody(request, BODY_BYTES_MAX)).toString('utf8'))
  const added = tagsOfSet(given, BUCKET_TAGS_MAX)
  const all = tagsOfSet(tagSetOf({ ...bucketNamed(objects, bucket).tags, ...added }), BUCKET_TAGS_MAX)
  await objects.changeBucket(bucket, { tags: all })
  return { status: 204, headers: {} }
}

async function removeTags(bucket: string, { query }: WireRequest, { objects }: S3Context): Promise<WireResponse> {
  const names = new Set(query.filter(([name]) => name === 'tagKeys').map(([, value]) => value))
  const { tags } = bucketNamed(objects, bucket)
  const left = Object.fromEntries(Object.entries(tags).filter(([name]) => !names.has(name)))
  await objects.changeBucket(bucket, { tags: left })
  return { status: 204, headers: {} }
}

/** `arn:aws:s3:::lake`, or `arn:aws:s3:<region>:<account>:bucket/lake` */
function bucketOfArn(arn: string, { region, accountId }: S3Context): string {
  const [, ofRegion, ofAccount, resource = ''] = /^arn:aws:s3:([^:]*):([^:]*):([^:]+)$/.exec(arn) ?? []
  const isHere = (ofRegion === '' || ofRegion === region) && (ofAccount === '' || ofAccount === accountId)
  const name = resource.replace(/^bucket\//, '')
  if (!isHere || name === '' || name.includes('/')) {
    throw new WireError('InvalidRequest', `The resource ${arn} is no bucket of this lake.`)
  }
  return name
}

function tagsOfDocument(text: string): Tag[] {
  try {
    const root = parseXml(text)
    const list = root.children.find(({ name }) => name === 'Tags')
    if (root.name !== 'TagResourceRequest' || list === undefined) throw new MalformedXml('There are no Tags.')
    return list.children.map((tag) => ({ Key: textOf(tag, 'Key'), Value: textOf(tag, 'Value') }))
  } catch (error) {
    if (error instanceof MalformedXml) throw malformedXml({}, error)
    throw error
  }
}

function textOf({ children, name }: XmlElement, wanted: string): string {
  const found = children.filter((child) => child.name === wanted)
  const [only, ...others] = found
  if (only === undefined || others.length > 0) throw new MalformedXml(`${name} needs one ${wanted}.`)
  return only.text
}
