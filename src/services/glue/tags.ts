/**
 * TagResource, UntagResource and GetTags. Crawlers have tags; a database or table read by ARN has none, and tagging
 * one is refused.
 */
import type {
  GetTagsRequest,
  GetTagsResponse,
  TagResourceRequest,
  TagResourceResponse,
  UntagResourceRequest,
  UntagResourceResponse,
} from '../../wire/model/glue.ts'
import { databaseNamed, tableNamed } from './catalog/found.ts'
import type { GlueContext, GlueOperation } from './context.ts'
import { entityNotFound, invalidInput } from './errors.ts'

const TAGS_MAX = 50

interface Resource {
  readonly type: string
  readonly names: readonly string[]
}

export const getTags: GlueOperation<GetTagsRequest, GetTagsResponse> = async (input, context) => {
  const resource = resourceOf(input.ResourceArn, context)
  const [first = '', second = ''] = resource.names
  switch (resource.type) {
    case 'crawler': {
      const crawler = await context.crawlerStore.findCrawler(first)
      if (crawler === undefined) throw entityNotFound(`Crawler entry with name ${first} does not exist`)
      return { Tags: crawler.tags }
    }
    case 'database':
      await databaseNamed(context.catalog, first)
      return { Tags: {} }
    case 'table':
      await tableNamed(context.catalog, first, second)
      return { Tags: {} }
    default:
      throw invalidInput(`Tags of a ${resource.type} are not offered by lakelet.`)
  }
}

export const tagResource: GlueOperation<TagResourceRequest, TagResourceResponse> = async (input, context) => {
  await changeCrawlerTags(input.ResourceArn, context, (tags) => ({ ...tags, ...input.TagsToAdd }))
  return {}
}

export const untagResource: GlueOperation<UntagResourceRequest, UntagResourceResponse> = async (input, context) => {
  const gone = new Set(input.TagsToRemove)
  await changeCrawlerTags(input.ResourceArn, context, (tags) =>
    Object.fromEntries(Object.entries(tags).filter(([key]) => !gone.has(key))),
  )
  return {}
}

async function changeCrawlerTags(
  arn: string,
  context: GlueContext,
  change: (tags: Readonly<Record<string, string>>) => Record<string, string>,
): Promise<void> {
  const { type, names } = resourceOf(arn, context)
  if (type !== 'crawler') throw invalidInput(`Tagging a ${type} is not offered by lakelet: only crawlers have tags.`)
  await context.crawlerStore.updateCrawler(names[0] ?? '', (crawler) => {
    const tags = change(crawler.tags)
    if (Object.keys(tags).length > TAGS_MAX) throw invalidInput(`A resource can have at most ${TAGS_MAX} tags.`)
    return { ...crawler, tags }
  })
}

function resourceOf(arn: string, { region, accountId }: GlueContext): Resource {
  const prefix = `arn:aws:glue:${region}:${accountId}:`
  if (!arn.startsWith(prefix)) throw invalidInput(`${arn} is not the ARN of a Glue resource of this lake.`)
  const [type = '', ...names] = arn.slice(prefix.length).split('/')
  return { type, names }
}
