import { expect, test } from 'vitest'
import { type KnownServices, type Route, routeOf } from '../../src/gateway/route.ts'

const known: KnownServices = {
  byTarget: new Map([
    ['Firehose_20150804', 'firehose'],
    ['AWSGlue', 'glue'],
  ]),
  cborByTarget: new Map([['GraniteServiceVersion20100801', 'monitoring']]),
  query: new Set(['sts', 'iam', 'monitoring']),
}

const signedFor = (service: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=AK/20260115/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
})
const CBOR = { 'smithy-protocol': 'rpc-v2-cbor' }
const FORM = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }

interface Asked {
  method?: string
  rawPath?: string
  rawQuery?: string
  headers?: Record<string, string>
}

const cases: [Asked, Route][] = [
  [{ headers: { 'x-amz-target': 'AWSGlue.GetTable' } }, { kind: 'json', service: 'glue', operation: 'GetTable' }],
  [
    { headers: { 'x-amz-target': 'AWSGlue.GetTable', ...signedFor('s3') } },
    { kind: 'json', service: 'glue', operation: 'GetTable' },
  ],
  [
    { headers: { 'x-amz-target': 'Kinesis_20131202.ListStreams', ...signedFor('kinesis') } },
    { kind: 'unknown', dialect: 'json', name: 'Kinesis_20131202.ListStreams' },
  ],
  [{ headers: { 'x-amz-target': 'nonsense' } }, { kind: 'unknown', dialect: 'json', name: 'nonsense' }],
  [
    { method: 'POST', headers: { ...signedFor('iam'), ...FORM } },
    { kind: 'query', service: 'iam' },
  ],
  [
    { rawQuery: 'Action=GetCallerIdentity&X-Amz-Credential=AK%2F20260115%2Fus-east-1%2Fsts%2Faws4_request' },
    { kind: 'query', service: 'sts' },
  ],
  [
    { method: 'POST', headers: FORM },
    { kind: 'query', service: undefined },
  ],
  [{ rawQuery: 'Action=ListRoles' }, { kind: 'query', service: undefined }],
  [
    { method: 'POST', headers: { ...signedFor('ec2'), ...FORM } },
    { kind: 'unknown', dialect: 'query', name: 'ec2' },
  ],
  [{ headers: signedFor('lambda') }, { kind: 'unknown', dialect: 'json', name: 'lambda' }],
  [{ rawPath: '/b/k', headers: signedFor('s3') }, { kind: 's3' }],
  [{ method: 'PUT', rawPath: '/b/k', headers: { ...FORM, ...signedFor('s3') } }, { kind: 's3' }],
  [{ rawPath: '/b/k' }, { kind: 's3' }],
  [{}, { kind: 's3' }],
  [{ rawPath: '/_lakelet/health' }, { kind: 'admin' }],
  [
    { method: 'POST', rawPath: '/service/GraniteServiceVersion20100801/operation/ListMetrics', headers: CBOR },
    { kind: 'cbor', service: 'monitoring', operation: 'ListMetrics' },
  ],
  [
    { method: 'POST', rawPath: '/service/Other/operation/List', headers: CBOR },
    { kind: 'unknown', dialect: 'json', name: 'Other' },
  ],
  [{ method: 'POST', rawPath: '/service/GraniteServiceVersion20100801/operation/ListMetrics' }, { kind: 's3' }],
  [{ method: 'PUT', rawPath: '/b/k', headers: { ...CBOR, ...signedFor('s3') } }, { kind: 's3' }],
  [{ rawPath: '/metrics', headers: { host: 'localhost:4566' } }, { kind: 'admin' }],
  [{ rawPath: '/metrics', headers: { host: 'lake.example', ...signedFor('lakelet') } }, { kind: 'admin' }],
  // A bucket named metrics, and an object of that name.
  [{ rawPath: '/metrics', headers: { host: 'lake.example' } }, { kind: 's3' }],
  [{ rawPath: '/metrics', headers: { host: 'b.localhost:4566' } }, { kind: 's3' }],
  [{ rawPath: '/metrics', headers: { host: 'localhost', ...signedFor('s3') } }, { kind: 's3' }],
  [{ rawPath: '/metrics', rawQuery: 'list-type=2', headers: { host: 'localhost' } }, { kind: 's3' }],
  [{ method: 'PUT', rawPath: '/metrics', headers: { host: 'localhost' } }, { kind: 's3' }],
]

test.each(cases)('%o', (asked, expected) => {
  expect(routeOf({ method: 'GET', rawPath: '/', rawQuery: '', headers: {}, ...asked }, known)).toEqual(expected)
})
