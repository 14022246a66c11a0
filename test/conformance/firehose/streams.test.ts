/** Streams of every kind through boto3, against a lake that verifies signatures: what is sent is what is read back. */
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { noBoto3, runAgainst, titled } from '../../support/installed.ts'
import { startLake, temporaryDirectory } from '../../support/lake.ts'

const SCRIPT = fileURLToPath(new URL('./streams-session.py', import.meta.url))

test.skipIf(noBoto3 !== undefined)(
  titled('boto3 reads back what it sent, and is told no in AWS’s words', noBoto3),
  async () => {
    const directory = temporaryDirectory()
    const lake = await startLake(directory.path)
    try {
      expect(JSON.parse(await runAgainst(lake, 'python3', [SCRIPT]))).toEqual({
        differences: { partitioned: [], converted: [], 'switched off': [], transformed: [] },
        lambda: {
          LambdaArn: 'arn:aws:lambda:us-east-1:000000000000:function:transform:$LATEST',
          NumberOfRetries: '3',
          RoleArn: 'arn:aws:iam::000000000000:role/firehose',
          BufferSizeInMBs: '1',
          BufferIntervalInSeconds: '60',
        },
        version: '2',
        encryption: [
          ['CUSTOMER_MANAGED_CMK', 'ENABLED', true, true],
          ['AWS_OWNED_CMK', 'ENABLED', false, true],
          [{ Status: 'DISABLED' }, false],
        ],
        refusals: {
          'partitioning off': 'InvalidArgumentException: Disabling Dynamic Partitioning is not supported.',
          'backup off': 'InvalidArgumentException: Disabling S3 backup is not currently supported.',
          'disabled key': 'InvalidKMSResourceException: the key is disabled.',
          prefix:
            'InvalidArgumentException: Ths supplied prefix(es) do not satisfy the following constraint: ErrorOutputPrefix cannot be null or empty when Prefix contains expressions',
          processor: 'InvalidArgumentException: LambdaArn is required when Lambda processor is used.',
          role: 'InvalidArgumentException: Firehose is unable to assume role the role-gone. Please check the role provided.',
          limit:
            "ValidationException: 1 validation error detected: Value at 'extendedS3DestinationConfiguration.customTimeZone' failed to satisfy constraint: Member must have length less than or equal to 50",
        },
      })
    } finally {
      await lake.stop()
      directory.remove()
    }
  },
)
