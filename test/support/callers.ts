/** Callers as the gateway makes them, for tests that call operations without it. */
import type { Caller } from '../../src/services/operation.ts'

export const ROOT_ARN = 'arn:aws:iam::000000000000:root'

export function rootCaller(given: Partial<Caller> = {}): Caller {
  return {
    accessKeyId: 'AKIDEXAMPLE',
    arn: ROOT_ARN,
    principal: { kind: 'root', arn: ROOT_ARN },
    requestId: '0123456789ABCDEF',
    sourceIp: '127.0.0.1',
    ...given,
  }
}
