import { beforeEach, expect, test } from 'vitest'
import { ACCOUNT, GlueWorld } from './glue-world.ts'

let glue: GlueWorld
beforeEach(async () => {
  glue = new GlueWorld()
  for (const Name of ['lake', 'other']) await glue.call('CreateDatabase', { DatabaseInput: { Name } })
})

const input = {
  FunctionName: 'shout',
  ClassName: 'org.example.Shout',
  OwnerName: 'me',
  OwnerType: 'USER',
  ResourceUris: [{ ResourceType: 'JAR', Uri: 's3://b/shout.jar' }],
}
const shout = { DatabaseName: 'lake', FunctionName: 'shout' }
const create = (members: object = {}, DatabaseName = 'lake') =>
  glue.call('CreateUserDefinedFunction', { DatabaseName, FunctionInput: { ...input, ...members } })
const names = async (asked: object) =>
  (await glue.call('GetUserDefinedFunctions', asked)).UserDefinedFunctions.map(
    (one: { DatabaseName: string; FunctionName: string }) => `${one.DatabaseName}.${one.FunctionName}`,
  )

test('a function is read back as Terraform gave it', async () => {
  await create()
  const { UserDefinedFunction } = await glue.call('GetUserDefinedFunction', shout)
  expect(UserDefinedFunction).toEqual({
    ...input,
    DatabaseName: 'lake',
    CatalogId: ACCOUNT,
    CreateTime: glue.clock.nowMs() / 1000,
  })
})

test('an update replaces the whole function and may give it another name', async () => {
  await create()
  const FunctionInput = { FunctionName: 'whisper', ClassName: 'org.example.Whisper' }
  await glue.call('UpdateUserDefinedFunction', { ...shout, FunctionInput })
  expect(await glue.errorOf('GetUserDefinedFunction', shout)).toBe('EntityNotFoundException: Function shout not found.')
  const { UserDefinedFunction } = await glue.call('GetUserDefinedFunction', { ...shout, FunctionName: 'whisper' })
  expect(UserDefinedFunction).toMatchObject({ ClassName: 'org.example.Whisper', ResourceUris: [] })
  expect(UserDefinedFunction.OwnerName).toBeUndefined()
})

test('functions are listed by pattern and type, in one database or in all that the caller may see', async () => {
  for (const FunctionName of ['shout', 'sum', 'avg']) await create({ FunctionName })
  await create({ FunctionName: 'shout', FunctionType: 'AGGREGATE_FUNCTION' }, 'other')
  expect(await names({ DatabaseName: 'lake', Pattern: 's.*' })).toEqual(['lake.shout', 'lake.sum'])
  expect(await names({ Pattern: 'sh*' })).toEqual(['lake.shout', 'other.shout'])
  // Java's way to quote, which Trino uses.
  expect(await names({ Pattern: '\\Qsh\\Eou.*' })).toEqual(['lake.shout', 'other.shout'])
  expect(await names({ Pattern: '\\Qs.*' })).toEqual([])
  expect(await names({ Pattern: '*', FunctionType: 'AGGREGATE_FUNCTION' })).toEqual(['other.shout'])
  glue.access = {
    judge: (_who, { resource }) =>
      resource.endsWith(':database/other') ? { isAllowed: false, because: 'because' } : { isAllowed: true },
  }
  expect(await names({ Pattern: 'sh*' })).toEqual(['lake.shout'])
})

test('pages meet every function once', async () => {
  for (const FunctionName of ['a', 'b', 'c']) await create({ FunctionName })
  await create({ FunctionName: 'a' }, 'other')
  const seen: string[] = []
  let NextToken: string | undefined
  do {
    const page = await glue.call('GetUserDefinedFunctions', { Pattern: '*', MaxResults: 3, NextToken })
    for (const one of page.UserDefinedFunctions) seen.push(`${one.DatabaseName}.${one.FunctionName}`)
    NextToken = page.NextToken
  } while (NextToken !== undefined)
  expect(seen).toEqual(['lake.a', 'lake.b', 'lake.c', 'other.a'])
})

test('a database takes its functions along', async () => {
  await create()
  await glue.call('DeleteDatabase', { Name: 'lake' })
  await glue.call('CreateDatabase', { DatabaseInput: { Name: 'lake' } })
  expect(await names({ DatabaseName: 'lake', Pattern: '*' })).toEqual([])
})

test.each([
  [
    'CreateUserDefinedFunction',
    { DatabaseName: 'lake', FunctionInput: input },
    'AlreadyExistsException: Function already exists.',
  ],
  [
    'CreateUserDefinedFunction',
    { DatabaseName: 'no', FunctionInput: input },
    'EntityNotFoundException: Database no not found.',
  ],
  [
    'CreateUserDefinedFunction',
    { DatabaseName: 'lake', FunctionInput: {} },
    'InvalidInputException: FunctionInput.FunctionName must be given.',
  ],
  [
    'UpdateUserDefinedFunction',
    { DatabaseName: 'lake', FunctionName: 'x', FunctionInput: {} },
    'EntityNotFoundException: Function x not found.',
  ],
  [
    'DeleteUserDefinedFunction',
    { DatabaseName: 'lake', FunctionName: 'x' },
    'EntityNotFoundException: Function x not found.',
  ],
  ['GetUserDefinedFunctions', { DatabaseName: 'no', Pattern: '*' }, 'EntityNotFoundException: Database no not found.'],
])('%s refuses what is not right', async (operation, asked, error) => {
  await create()
  expect(await glue.errorOf(operation, asked)).toBe(error)
})
