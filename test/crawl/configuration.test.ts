import { expect, test } from 'vitest'
import { parseConfiguration } from '../../src/crawl/configuration.ts'

const defaults = {
  partitionsInherit: false,
  mergeNewColumns: false,
  tablesMax: undefined,
  combineCompatible: false,
  tableLevel: undefined,
  partitionIndex: true,
  partitionFiltering: false,
}

test.each<[string | undefined, object]>([
  [undefined, {}],
  ['', {}],
  ['{"Version":1.0}', {}],
  [
    '{"Version":1.0,"CrawlerOutput":{"Partitions":{"AddOrUpdateBehavior":"InheritFromTable"}}}',
    { partitionsInherit: true },
  ],
  [
    '{"Version":1.0,"CrawlerOutput":{"Tables":{"AddOrUpdateBehavior":"MergeNewColumns","TableThreshold":5}}}',
    { mergeNewColumns: true, tablesMax: 5 },
  ],
  [
    '{"Grouping":{"TableGroupingPolicy":"CombineCompatibleSchemas","TableLevelConfiguration":2},"Version":1}',
    { combineCompatible: true, tableLevel: 2 },
  ],
  ['{"Version":1.0,"CreatePartitionIndex":false}', { partitionIndex: false }],
  ['{"Version":1.0,"CreatePartitionIndex":true}', { partitionFiltering: true }],
])('%s', (text, changes) => {
  expect(parseConfiguration(text)).toEqual({ ...defaults, ...changes })
})

test.each([
  ['[]', /JSON object/],
  ['{"Version":"1.0"}', /Version must be 1\.0/],
  ['{"Version":1.0,"Grouping":1}', /Grouping must be a JSON object/],
  ['{"Version":1.0,"Grouping":{"TableLevelConfiguration":0}}', /TableLevelConfiguration must be a whole number/],
  ['{"Version":1.0,"CrawlerOutput":{"Tables":{"TableThreshold":"9"}}}', /TableThreshold must be a whole number/],
  ['{"Version":1.0,"CrawlerOutput":{"Partitions":{"AddOrUpdateBehavior":"x"}}}', /must be "InheritFromTable"/],
  ['{"Version":1.0,"CreatePartitionIndex":"yes"}', /CreatePartitionIndex must be true or false/],
  ['{"Version":1.0,"__proto__":{"x":1}}', /__proto__ is not known/],
])('%s is a problem with a name', (text, problem) => {
  expect(parseConfiguration(text)).toEqual({ problem: expect.stringMatching(problem) })
})
