/**
 * TagResource, UntagResource and GetTags: of crawlers, databases, jobs, triggers and workflows. Tables have no tags on AWS either: one read by ARN
 * has none, and tagging one is refused.
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
import { triggerNamed, workflowNamed } from './flows/flow-named.ts'
import { jobNamed } from './jobs/job-named.ts'

const TAGS_MAX = 50

export type Tags = Readonly<Record<string, string>>

/** How tags of one kind of resource are read and changed; `names` are what follows the kind in its ARN. */
export interface Tagged {
  read(names: readonly string[], context: GlueContext): Promise<Tags>
  /** Absent: this kind has no tags. */
  change?(names: readonly string[], context: GlueContext, change: (tags: Tags) => Tags): Promise<void>
}

/** By the kind that an ARN names: `arn:aws:glue:<region>:<account>:<kind>/<name>`. */
const TAGGED: Readonly<Record<string, Tagged>> = {
  crawler: {
    async read([name = ''], { crawlerStore }) {
      const crawler = await crawlerStore.findCrawler(name)
      if (crawler === undefined) throw entityNotFound(`Crawler entry with name ${name} does not exist`)
      return crawler.tags
    },
    async change([name = ''], { crawlerStore }, change) {
      await crawlerStore.updateCrawler(name, (crawler) => ({ ...crawler, tags: change(crawler.tags) }))
    },
  },
  database: {
    read: async ([name = ''], { catalog }) => (await databaseNamed(catalog, name)).tags ?? {},
    async change([name = ''], { catalog }, change) {
      await catalog.updateDatabase(name, (database) => ({ ...database, tags: change(database.tags ?? {}) }))
    },
  },
  job: {
    read: async ([name = ''], { jobStore }) => (await jobNamed(jobStore, name)).tags,
    async change([name = ''], { jobStore }, change) {
      await jobStore.updateJob(name, (job) => ({ ...job, tags: change(job.tags) }))
    },
  },
  trigger: {
    read: async ([name = ''], { flowStore }) => triggerNamed(flowStore, name).tags,
    async change([name = ''], { flowStore }, change) {
      await flowStore.change((writer) => {
        const trigger = triggerNamed(writer, name)
        writer.putTrigger({ ...trigger, tags: change(trigger.tags) })
      })
    },
  },
  workflow: {
    read: async ([name = ''], { flowStore }) => workflowNamed(flowStore, name).tags,
    async change([name = ''], { flowStore }, change) {
      await flowStore.change((writer) => {
        const workflow = workflowNamed(writer, name)
        writer.putWorkflow({ ...workflow, tags: change(workflow.tags) })
      })
    },
  },
  table: {
    async read([database = '', name = ''], { catalog }) {
      await tableNamed(catalog, database, name)
      return {}
    },
  },
}

export const getTags: GlueOperation<GetTagsRequest, GetTagsResponse> = async (input, context) => {
  const { tagged, names } = resourceOf(input.ResourceArn, context)
  return { Tags: await tagged.read(names, context) }
}

export const tagResource: GlueOperation<TagResourceRequest, TagResourceResponse> = async (input, context) => {
  await changeTags(input.ResourceArn, context, (tags) => ({ ...tags, ...input.TagsToAdd }))
  return {}
}

export const untagResource: GlueOperation<UntagResourceRequest, UntagResourceResponse> = async (input, context) => {
  const gone = new Set(input.TagsToRemove)
  await changeTags(input.ResourceArn, context, (tags) =>
    Object.fromEntries(Object.entries(tags).filter(([key]) => !gone.has(key))),
  )
  return {}
}

async function changeTags(arn: string, context: GlueContext, change: (tags: Tags) => Tags): Promise<void> {
  const { type, tagged, names } = resourceOf(arn, context)
  if (tagged.change === undefined) throw invalidInput(`A ${type} cannot have tags.`)
  await tagged.change(names, context, (before) => {
    const tags = change(before)
    checkTags(tags)
    return tags
  })
}

/** Of a resource as it will be. Lengths of keys and values are in the model. */
export function checkTags(tags: Tags): void {
  const keys = Object.keys(tags)
  if (keys.length > TAGS_MAX) throw invalidInput(`A resource can have at most ${TAGS_MAX} tags.`)
  const reserved = keys.find((key) => key.toLowerCase().startsWith('aws:'))
  if (reserved !== undefined) throw invalidInput(`Tag key ${reserved} is reserved: keys must not begin with aws:.`)
}

function resourceOf(arn: string, { region, accountId }: GlueContext) {
  const prefix = `arn:aws:glue:${region}:${accountId}:`
  if (!arn.startsWith(prefix)) throw invalidInput(`${arn} is not the ARN of a Glue resource of this lake.`)
  const [type = '', ...names] = arn.slice(prefix.length).split('/')
  const tagged = Object.hasOwn(TAGGED, type) ? TAGGED[type] : undefined
  if (tagged === undefined) throw invalidInput(`Tags of a ${type} are not offered by lakelet.`)
  return { type, tagged, names }
}
