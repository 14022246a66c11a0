import { expect, test } from 'vitest'
import { authoriseOperation, jsonAccessDenied, queryAccessDenied } from '../../src/gateway/authorise.ts'
import type { Access } from '../../src/services/access.ts'
import { athenaService } from '../../src/services/athena/index.ts'
import { firehoseService } from '../../src/services/firehose/index.ts'
import { glueService } from '../../src/services/glue/index.ts'
import { iamService } from '../../src/services/iam/index.ts'
import { kmsService } from '../../src/services/kms/index.ts'
import type { Service } from '../../src/services/operation.ts'
import { stsService } from '../../src/services/sts/index.ts'
import { rootCaller } from '../support/callers.ts'

const caller = rootCaller({ arn: 'arn:aws:iam::000000000000:user/ann' })
const account = { region: 'us-east-1', accountId: '000000000000' }

/** Allows what is listed, as `action resource`. */
const allowing = (...allowed: readonly string[]): Access => ({
  judge: (_caller, { action, resource }) =>
    allowed.includes(`${action} ${resource}`)
      ? { isAllowed: true }
      : { isAllowed: false, because: `because no identity-based policy allows the ${action} action` },
})

const glue = glueService(account as never)
const arn = (rest: string) => `arn:aws:glue:us-east-1:000000000000:${rest}`
const getTable = (access: Access) =>
  authoriseOperation(access, glue, 'GetTable', { DatabaseName: 'Sales', Name: 'Orders' }, caller, jsonAccessDenied)

test('all that a table needs must be allowed, in the order that AWS names it, and in lower case', () => {
  const needed = ['catalog', 'database/sales', 'table/sales/orders'].map((rest) => `glue:GetTable ${arn(rest)}`)
  expect(() => getTable(allowing(...needed))).not.toThrow()
  expect(() => getTable(allowing())).toThrow(
    `User: ${caller.arn} is not authorized to perform: glue:GetTable on resource: ${arn('catalog')} because no identity-based policy allows the glue:GetTable action`,
  )
  expect(() => getTable(allowing(...needed.slice(0, 2)))).toThrow(`on resource: ${arn('table/sales/orders')} because`)
})

test('IAM answers AccessDenied with 403, JSON services AccessDeniedException with 400', () => {
  const permission = { action: 'iam:GetUser', resource: '*' }
  expect(queryAccessDenied(caller, permission, 'because')).toMatchObject({ code: 'AccessDenied', status: 403 })
  expect(jsonAccessDenied(caller, permission, 'because')).toMatchObject({ code: 'AccessDeniedException', status: 400 })
})

test('an operation that does not say what it needs is not run', () => {
  const silent = { ...glue, permissions: {} }
  expect(() => authoriseOperation(allowing(), silent, 'GetTable', {}, caller, jsonAccessDenied)).toThrow('GetTable')
})

const services: readonly Service[] = [
  glue,
  firehoseService(account as never),
  athenaService({} as never),
  iamService({} as never),
  stsService({} as never),
  kmsService({} as never),
] as readonly Service[]

test.each(services.map((service) => [service.signingName, service] as const))(
  'every operation of %s says what it needs',
  (_name, { operations, permissions }) => {
    expect(Object.keys(permissions).sort()).toEqual(Object.keys(operations).sort())
  },
)

const firehose = firehoseService(account as never)
const stream = 'arn:aws:firehose:us-east-1:000000000000:deliverystream/s'

test('a role is given to a stream only by who may pass it', () => {
  const RoleARN = 'arn:aws:iam::000000000000:role/writer'
  const create = (access: Access) =>
    authoriseOperation(
      access,
      firehose,
      'CreateDeliveryStream',
      { DeliveryStreamName: 's', ExtendedS3DestinationConfiguration: { RoleARN } },
      caller,
      jsonAccessDenied,
    )
  expect(() => create(allowing(`firehose:CreateDeliveryStream ${stream}`))).toThrow(
    `perform: iam:PassRole on resource: ${RoleARN}`,
  )
  expect(() => create(allowing(`firehose:CreateDeliveryStream ${stream}`, `iam:PassRole ${RoleARN}`))).not.toThrow()
})
