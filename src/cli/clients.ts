/** AWS SDK clients pointed at a lake. Each is loaded when first asked for: starting a command loads only what it uses. */
import type { AthenaClient } from '@aws-sdk/client-athena'
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import type { FirehoseClient } from '@aws-sdk/client-firehose'
import type { GlueClient } from '@aws-sdk/client-glue'
import type { IAMClient } from '@aws-sdk/client-iam'
import type { S3Client } from '@aws-sdk/client-s3'
import type { STSClient } from '@aws-sdk/client-sts'
import type { Connection } from './connection.ts'

export interface Clients {
  s3(): Promise<S3Client>
  firehose(): Promise<FirehoseClient>
  glue(): Promise<GlueClient>
  athena(): Promise<AthenaClient>
  logs(): Promise<CloudWatchLogsClient>
  iam(): Promise<IAMClient>
  sts(): Promise<STSClient>
}

export function clientsOf(connection: Connection): Clients {
  const { endpoint, region, accessKeyId, secretAccessKey, sessionToken } = connection
  const options = {
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) },
  }
  const once = <Client>(make: () => Promise<Client>) => {
    let made: Promise<Client> | undefined
    return () => {
      made ??= make()
      return made
    }
  }
  return {
    s3: once(async () => new (await import('@aws-sdk/client-s3')).S3Client({ ...options, forcePathStyle: true })),
    firehose: once(async () => new (await import('@aws-sdk/client-firehose')).FirehoseClient(options)),
    glue: once(async () => new (await import('@aws-sdk/client-glue')).GlueClient(options)),
    athena: once(async () => new (await import('@aws-sdk/client-athena')).AthenaClient(options)),
    logs: once(async () => new (await import('@aws-sdk/client-cloudwatch-logs')).CloudWatchLogsClient(options)),
    iam: once(async () => new (await import('@aws-sdk/client-iam')).IAMClient(options)),
    sts: once(async () => new (await import('@aws-sdk/client-sts')).STSClient(options)),
  }
}
