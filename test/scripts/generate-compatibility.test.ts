import { expect, test } from 'vitest'
import { compatibilityPage, type ServicePage, servicePages } from '../../scripts/generate-compatibility.ts'

const standing = (service: string, operation: string) =>
  servicePages()
    .find(({ signingName }) => signingName === service)
    ?.operations.find(({ name }) => name === operation)?.standing

test.each([
  ['firehose', 'PutRecordBatch', 'works'],
  ['firehose', 'StartDeliveryStreamEncryption', 'works'],
  ['s3', 'PutObject', 'works'],
  ['s3', 'GetBucketWebsite', 'works'],
  ['s3', 'PutBucketWebsite', 'refused'],
  ['s3', 'PutBucketAccelerateConfiguration', 'refused'],
  ['s3', 'SelectObjectContent', 'refused'],
  ['glue', 'CreateConnection', 'refused'],
  ['athena', 'CreateDataCatalog', 'works'],
  ['sts', 'GetFederationToken', 'refused'],
  ['iam', 'CreateRole', 'works'],
])('%s %s is %s', (service, operation, expected) => {
  expect(standing(service, operation)).toBe(expected)
})

test('the page counts each service and links to its table', () => {
  const page: ServicePage = {
    title: 'Amazon Moon',
    signingName: 'moon',
    operations: [
      { name: 'Rise', standing: 'works' },
      { name: 'Set', standing: 'refused', note: 'it stays' },
      { name: 'Wane', standing: 'refused' },
    ],
  }
  const text = compatibilityPage([page])
  expect(text).toContain('| [Amazon Moon](#amazon-moon) | 1 | 2 | 3 |')
  expect(text).toContain(
    '## Amazon Moon\n\n| operation | lakelet |\n| --- | --- |\n| Rise | **works** |\n| Set | refused: it stays |',
  )
})
