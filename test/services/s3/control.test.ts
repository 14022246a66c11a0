import { expect, test } from 'vitest'
import { accessWorld, NOBODY, outcomeOf } from './access/support.ts'
import { elementOf, elementsOf, perTest } from './support.ts'

const { world, call } = perTest(accessWorld)

const SHORT = 'arn%3Aaws%3As3%3A%3A%3Alake'
const LONG = 'arn%3Aaws%3As3%3Aus-east-1%3A000000000000%3Abucket%2Flake'
const HEADERS = { 'x-amz-account-id': '000000000000' }
const ask = (method: string, rest: string, body = '', as = undefined as typeof NOBODY | undefined) =>
  call(method, `/v20180820/${rest}`, {
    headers: HEADERS,
    body,
    host: '000000000000.localhost',
    ...(as && { as }),
  })
const tagging = (pairs: [string, string][]) =>
  `<TagResourceRequest xmlns="http://awss3control.amazonaws.com/doc/2018-08-20/"><Tags>${pairs.map(([key, value]) => `<Tag><Key>${key}</Key><Value>${value}</Value></Tag>`).join('')}</Tags></TagResourceRequest>`

test('tags of a bucket are listed, added and removed, as S3 itself has them', async () => {
  expect(outcomeOf(await ask('GET', `tags/${SHORT}`))).toBe('200')
  expect((await ask('GET', `tags/${SHORT}`)).text).toContain('<Tags/>')
  await call('PUT', '/lake?tagging', {
    body: '<Tagging><TagSet><Tag><Key>a</Key><Value>1</Value></Tag></TagSet></Tagging>',
  })
  expect(
    outcomeOf(
      await ask(
        'POST',
        `tags/${LONG}`,
        tagging([
          ['a', '2'],
          ['b', '3'],
          ['constructor', '4'],
        ]),
      ),
    ),
  ).toBe('204')
  const listed = await ask('GET', `tags/${SHORT}`)
  expect([elementsOf(listed.text, 'Key'), elementsOf(listed.text, 'Value')]).toEqual([
    ['a', 'b', 'constructor'],
    ['2', '3', '4'],
  ])
  expect(outcomeOf(await ask('DELETE', `tags/${SHORT}?tagKeys=a&tagKeys=constructor`))).toBe('204')
  expect(elementsOf((await call('GET', '/lake?tagging')).text, 'Key')).toEqual(['b'])
})

test('what is no bucket here, no list of tags or too many of them is refused', async () => {
  const many = Array.from({ length: 50 }, (_, number) => [`k${number}`, 'v'] as [string, string])
  expect(outcomeOf(await ask('POST', `tags/${SHORT}`, tagging(many)))).toBe('204')
  const refused: [string, string, string, string][] = [
    ['POST', `tags/${SHORT}`, tagging([['one-more', 'v']]), '400 BadRequest'],
    ['POST', `tags/${SHORT}`, '<TagResourceRequest/>', '400 MalformedXML'],
    ['POST', `tags/${SHORT}`, '<!DOCTYPE a [<!ENTITY b "c">]><TagResourceRequest/>', '400 MalformedXML'],
    ['GET', 'tags/arn%3Aaws%3As3%3A%3A%3Anone', '', '404 NoSuchBucket'],
    ['GET', 'tags/arn%3Aaws%3As3%3Aeu-west-1%3A000000000000%3Abucket%2Flake', '', '400 InvalidRequest'],
    ['GET', 'tags/lake', '', '400 InvalidRequest'],
    ['GET', 'configuration/publicAccessBlock', '', '501 NotImplemented'],
    ['PUT', `tags/${SHORT}`, '', '501 NotImplemented'],
  ]
  for (const [method, rest, body, outcome] of refused) expect(outcomeOf(await ask(method, rest, body))).toBe(outcome)
  const other = await call('GET', `/v20180820/tags/${SHORT}`, { headers: { 'x-amz-account-id': '111111111111' } })
  expect(outcomeOf(other)).toBe('403 AccessDenied')
})

test('only who may see or change tags does', async () => {
  expect(outcomeOf(await ask('GET', `tags/${SHORT}`, '', NOBODY))).toBe('403 AccessDenied')
  expect(outcomeOf(await ask('GET', `tags/${SHORT}`, '', world().ann))).toBe('403 AccessDenied')
  await world().allow({ Effect: 'Allow', Action: 's3:ListTagsForResource', Resource: '*' })
  expect(outcomeOf(await ask('GET', `tags/${SHORT}`, '', world().ann))).toBe('200')
  expect(outcomeOf(await ask('POST', `tags/${SHORT}`, tagging([['a', '1']]), world().ann))).toBe('403 AccessDenied')
})

test('a bucket of that name is still a bucket', async () => {
  await call('PUT', '/v20180820')
  await call('PUT', '/v20180820/tags/a', { body: 'x' })
  expect((await call('GET', '/v20180820/tags/a')).text).toBe('x')
  expect(elementOf((await call('GET', '/v20180820')).text, 'Key')).toBe('tags/a')
})
