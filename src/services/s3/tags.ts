/** Tags: bounds of S3, and the forms they come in. */

import { WireError } from '../../wire/error.ts'
import type { Tag } from '../../wire/model/s3.ts'
import { invalidArgument, invalidTag } from './errors.ts'

export type Tags = Readonly<Record<string, string>>

export const OBJECT_TAGS_MAX = 10
export const BUCKET_TAGS_MAX = 50
const KEY_LENGTH_MAX = 128
const VALUE_LENGTH_MAX = 256
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u

/** The header x-amz-tagging: `a=b&c=d`, form-encoded. */
export function tagsOfHeader(text: string): Tags {
  const parameters = new URLSearchParams(text)
  if (text !== '' && [...parameters].length === 0) {
    throw invalidArgument(
      "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
      'x-amz-tagging',
      text,
    )
  }
  return tagsOfPairs([...parameters], OBJECT_TAGS_MAX)
}

export function tagsOfSet(set: readonly Tag[], tagsMax: number): Tags {
  return tagsOfPairs(
    set.map(({ Key, Value }) => [Key, Value] as const),
    tagsMax,
  )
}

export function tagSetOf(tags: Tags): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
}

function tagsOfPairs(pairs: readonly (readonly [string, string])[], tagsMax: number): Tags {
  if (pairs.length > tagsMax) {
    const whose = tagsMax === OBJECT_TAGS_MAX ? 'Object' : 'Bucket'
    throw new WireError('BadRequest', `${whose} tags cannot be greater than ${tagsMax}`)
  }
  const tags = new Map<string, string>()
  for (const [key, value] of pairs) {
    if (tags.has(key)) throw invalidTag('Cannot provide multiple Tags with the same key', { TagKey: key })
    if (key.toLowerCase().startsWith('aws:')) {
      throw invalidTag('System tags cannot be added/updated by requester', { TagKey: key })
    }
    if (key === '' || key.length > KEY_LENGTH_MAX || !ALLOWED.test(key)) {
      throw invalidTag('The TagKey you have provided is invalid', { TagKey: key })
    }
    if (value.length > VALUE_LENGTH_MAX || !ALLOWED.test(value)) {
      throw invalidTag('The TagValue you have provided is invalid', { TagKey: key, TagValue: value })
    }
    tags.set(key, value)
  }
  return Object.fromEntries(tags)
}
