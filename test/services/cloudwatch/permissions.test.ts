import { expect, test } from 'vitest'
import { cloudWatchService } from '../../../src/services/cloudwatch/index.ts'
import { cloudwatchModel } from '../../../src/wire/model/cloudwatch.ts'
import { rootCaller } from '../../support/callers.ts'

const service = cloudWatchService({} as never)

test('every operation of the model is in the table, with its permission', () => {
  expect(Object.keys(service.operations).sort()).toEqual(Object.keys(cloudwatchModel.operations).sort())
  expect(Object.keys(service.permissions).sort()).toEqual(Object.keys(service.operations).sort())
})

test('a policy may allow putting metrics into one namespace', () => {
  expect(service.permissions['PutMetricData']?.({ Namespace: 'n' } as never, service.context, rootCaller())).toEqual([
    { action: 'cloudwatch:PutMetricData', resource: '*', facts: { 'cloudwatch:namespace': ['n'] } },
  ])
})
