/**
 * What Terraform's AWS provider asks of Glue: the call that makes each `aws_glue_*` resource, with the members the
 * provider sends, and the calls of its refresh. A plan is empty when what is read is what was set. What this lake does
 * not offer is refused by name, when it is set and when it is read.
 */
import type { GlueServiceException } from '@aws-sdk/client-glue'
import { describe, expect, test } from 'vitest'
import { automationResources } from './automation-resources.ts'
import { catalogResources } from './catalog-resources.ts'
import { crawlerResources } from './crawler-resources.ts'
import { isReadAsSet, lakeForTerraform } from './lake.ts'
import { refusals } from './refusals.ts'
import { CatalogId, seen } from './resource.ts'

const glue = lakeForTerraform()

describe('what is read is what was set', () => {
  describe('the catalog', () => {
    test.for(catalogResources(glue))('$resource', isReadAsSet)
  })

  describe('crawlers', () => {
    test.for(crawlerResources(glue))('$resource', isReadAsSet)
  })

  describe('workflows, jobs and triggers', () => {
    test.for(automationResources(glue))('$resource', isReadAsSet)
  })
})

describe('refused by name, when it is set and when it is read', () => {
  test.for(Object.entries(refusals(glue)))('%s', async ([, calls]) => {
    for (const [name, call] of Object.entries(calls)) {
      const refusal = await call().then(
        () => undefined,
        (error: GlueServiceException) => error,
      )
      expect(refusal).toMatchObject({ name: 'UnknownOperationException', $metadata: { httpStatusCode: 400 } })
      expect(refusal?.message).toContain(name)
    }
  })
})

test('settings that cannot be set are read as AWS gives them before they are', async () => {
  expect(await seen(glue().getResourcePolicy({}))).toBe('EntityNotFoundException')
  expect(await seen(glue().getDataCatalogEncryptionSettings({ CatalogId }))).toEqual({
    DataCatalogEncryptionSettings: {
      EncryptionAtRest: { CatalogEncryptionMode: 'DISABLED' },
      ConnectionPasswordEncryption: { ReturnConnectionPasswordEncrypted: false },
    },
  })
})
