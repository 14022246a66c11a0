import { describe, expect, test } from 'vitest'
import { elementOf, elementsOf, perTest, s3World } from '../support.ts'

const { call } = perTest(() => s3World({ bucket: 'lake' }))

const rules = (...texts: string[]) =>
  `<LifecycleConfiguration>${texts.map((text) => `<Rule>${text}</Rule>`).join('')}</LifecycleConfiguration>`
const put = (body: string) => call('PUT', '/lake?lifecycle', { body })
const ON = '<Status>Enabled</Status>'
const DAYS = '<Expiration><Days>3</Days></Expiration>'

describe('a configuration comes back as it was put', () => {
  test.each([
    `<ID>a</ID><Filter><Prefix>logs/</Prefix></Filter>${ON}${DAYS}`,
    `<ID>a</ID><Filter><Prefix></Prefix></Filter>${ON}${DAYS}`,
    `<ID>a</ID><Prefix></Prefix>${ON}${DAYS}`,
    `<ID>a</ID><Filter><Tag><Key>k</Key><Value>v</Value></Tag></Filter><Status>Disabled</Status>${DAYS}`,
    `<ID>a</ID><Filter><ObjectSizeGreaterThan>5</ObjectSizeGreaterThan></Filter>${ON}${DAYS}`,
    `<ID>a</ID><Filter><And><Prefix>p</Prefix><Tag><Key>k</Key><Value>v</Value></Tag><Tag><Key>l</Key><Value>w</Value></Tag><ObjectSizeLessThan>9</ObjectSizeLessThan></And></Filter>${ON}${DAYS}`,
    `<ID>a</ID><Filter></Filter>${ON}<Expiration><Date>2030-01-01T00:00:00.000Z</Date></Expiration>`,
    `<ID>a</ID><Filter></Filter>${ON}<Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>`,
    `<ID>a</ID><Filter></Filter>${ON}<NoncurrentVersionExpiration><NoncurrentDays>7</NoncurrentDays><NewerNoncurrentVersions>2</NewerNoncurrentVersions></NoncurrentVersionExpiration>`,
    `<ID>a</ID><Filter></Filter>${ON}<AbortIncompleteMultipartUpload><DaysAfterInitiation>7</DaysAfterInitiation></AbortIncompleteMultipartUpload>`,
  ])('%s', async (text) => {
    expect((await put(rules(text))).status).toBe(200)
    const { text: back } = await call('GET', '/lake?lifecycle')
    for (const element of text.match(/<(\w+)>[^<]*<\/\1>/g) ?? []) expect(spelled(back)).toContain(spelled(element))
    for (const name of new Set([...text.matchAll(/<(\w+)>/g)].map((match) => match[1] as string))) {
      expect(back, name).toMatch(new RegExp(`<${name}[ />]`))
    }
  })
  const spelled = (xml: string) => xml.replaceAll(/<(\w+)><\/\1>/g, '<$1/>').replaceAll('.000Z', 'Z')
})

test('it is replaced whole, and goes', async () => {
  expect(elementOf((await call('GET', '/lake?lifecycle')).text, 'Code')).toBe('NoSuchLifecycleConfiguration')
  await put(rules(`<ID>a</ID><Filter/>${ON}${DAYS}`, `<ID>b</ID><Filter/>${ON}${DAYS}`))
  const second = await put(rules(`<Filter/>${ON}${DAYS}`))
  expect(second.headers['x-amz-transition-default-minimum-object-size']).toBe('all_storage_classes_128K')
  const ids = elementsOf((await call('GET', '/lake?lifecycle')).text, 'ID')
  expect(ids, 'a rule without a name gets one').toEqual([expect.stringMatching(/^[\w-]{43}$/)])
  expect((await call('DELETE', '/lake?lifecycle')).status).toBe(204)
  expect((await call('GET', '/lake?lifecycle')).status).toBe(404)
})

describe('refused', () => {
  test.each([
    ['no rules', rules(), 'MalformedXML'],
    [
      'more than 1000 rules',
      rules(...Array.from({ length: 1001 }, (_, id) => `<ID>${id}</ID><Filter/>${ON}${DAYS}`)),
      'MalformedXML',
    ],
    ['no action', rules(`<Filter/>${ON}`), 'InvalidRequest'],
    ['neither filter nor prefix', rules(`${ON}${DAYS}`), 'MalformedXML'],
    ['filter and prefix', rules(`<Prefix/><Filter/>${ON}${DAYS}`), 'MalformedXML'],
    [
      'two conditions without And',
      rules(`<Filter><Prefix>a</Prefix><ObjectSizeLessThan>1</ObjectSizeLessThan></Filter>${ON}${DAYS}`),
      'MalformedXML',
    ],
    ['And of one', rules(`<Filter><And><Prefix>a</Prefix></And></Filter>${ON}${DAYS}`), 'MalformedXML'],
    ['an id twice', rules(`<ID>a</ID><Filter/>${ON}${DAYS}`, `<ID>a</ID><Filter/>${ON}${DAYS}`), 'InvalidArgument'],
    ['an id of 256', rules(`<ID>${'a'.repeat(256)}</ID><Filter/>${ON}${DAYS}`), 'InvalidArgument'],
    ['no days', rules(`<Filter/>${ON}<Expiration><Days>0</Days></Expiration>`), 'InvalidArgument'],
    [
      'days and a date',
      rules(`<Filter/>${ON}<Expiration><Days>1</Days><Date>2030-01-01T00:00:00Z</Date></Expiration>`),
      'MalformedXML',
    ],
    [
      'a date that is no midnight',
      rules(`<Filter/>${ON}<Expiration><Date>2030-01-01T00:00:01Z</Date></Expiration>`),
      'InvalidArgument',
    ],
    [
      'markers by tag',
      rules(
        `<Filter><Tag><Key>k</Key><Value>v</Value></Tag></Filter>${ON}<Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>`,
      ),
      'InvalidRequest',
    ],
    [
      'aborting by size',
      rules(
        `<Filter><ObjectSizeLessThan>1</ObjectSizeLessThan></Filter>${ON}<AbortIncompleteMultipartUpload><DaysAfterInitiation>7</DaysAfterInitiation></AbortIncompleteMultipartUpload>`,
      ),
      'InvalidRequest',
    ],
    [
      'keeping 101',
      rules(
        `<Filter/>${ON}<NoncurrentVersionExpiration><NoncurrentDays>7</NoncurrentDays><NewerNoncurrentVersions>101</NewerNoncurrentVersions></NoncurrentVersionExpiration>`,
      ),
      'InvalidArgument',
    ],
    ['another status', rules(`<Filter/><Status>On</Status>${DAYS}`), 'MalformedXML'],
    [
      'transitions, by name',
      rules(`<Filter/>${ON}<Transition><Days>1</Days><StorageClass>GLACIER</StorageClass></Transition>`),
      'NotImplemented',
    ],
  ])('%s', async (_, body, code) => {
    expect(elementOf((await put(body)).text, 'Code')).toBe(code)
    expect((await call('GET', '/lake?lifecycle')).status, 'nothing is half set').toBe(404)
  })

  test('ids of 255 and 1000 rules are taken', async () => {
    const many = Array.from(
      { length: 1000 },
      (_, id) => `<ID>${String(id).padStart(255, 'a')}</ID><Filter/>${ON}${DAYS}`,
    )
    expect((await put(rules(...many))).status).toBe(200)
  })
})

test('replies tell when an object expires and when an upload is aborted', async () => {
  await put(
    rules(
      `<ID>old logs</ID><Filter><Prefix>logs/</Prefix></Filter>${ON}${DAYS}<AbortIncompleteMultipartUpload><DaysAfterInitiation>7</DaysAfterInitiation></AbortIncompleteMultipartUpload>`,
    ),
  )
  const expiry = 'expiry-date="Mon, 19 Jan 2026 00:00:00 GMT", rule-id="old%20logs"'
  for (const [method, target] of [
    ['PUT', '/lake/logs/a'],
    ['GET', '/lake/logs/a'],
    ['HEAD', '/lake/logs/a'],
  ] as const) {
    expect((await call(method, target)).headers['x-amz-expiration'], method).toBe(expiry)
  }
  expect((await call('PUT', '/lake/other')).headers['x-amz-expiration']).toBeUndefined()
  const upload = await call('POST', '/lake/logs/b?uploads')
  expect(upload.headers).toMatchObject({
    'x-amz-abort-date': 'Fri, 23 Jan 2026 00:00:00 GMT',
    'x-amz-abort-rule-id': 'old logs',
  })
})
