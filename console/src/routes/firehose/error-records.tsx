/** Records that could not be processed, decoded: why, and what they held. */
import type { DeliveryStreamDescription } from '@aws-sdk/client-firehose'
import Box from '@cloudscape-design/components/box'
import { useQuery } from '@tanstack/react-query'
import { EmptyState } from '../../components/empty-state.tsx'
import { timeText } from '../../components/figures.ts'
import { ResourceTable } from '../../components/resource-table.tsx'
import { objectBytes } from '../../drivers/s3.ts'
import { fixedPart, newestObjects } from './newest-objects.ts'
import { bucketOf, destinationOf } from './stream-text.tsx'

interface ErrorRecord {
  readonly id: string
  readonly arrivedAtMs: number
  readonly code: string
  readonly message: string
  readonly data: string
}

const OBJECTS_MAX = 10
const BYTES_MAX = 512 * 1024

const NO_PREFIX =
  'This stream has no error output prefix: records that fail lie among its objects, in folders named after why.'

export function ErrorRecords({ stream }: { readonly stream: DeliveryStreamDescription }) {
  const bucket = bucketOf(stream)
  const destination = destinationOf(stream)
  const prefix = fixedPart(destination?.ErrorOutputPrefix ?? '')
  const list = useQuery({
    queryKey: ['error-records', bucket, prefix],
    queryFn: () => (prefix === '' ? Promise.resolve([]) : errorRecords(bucket, prefix)),
    refetchInterval: 15_000,
  })
  return (
    <ResourceTable
      title="Error records"
      noun="record"
      description={`Of the newest objects below s3://${bucket}/${prefix}`}
      items={list.data}
      error={list.error}
      keyOf={({ id }) => id}
      sortedBy="arrived"
      isDescending={true}
      empty={
        prefix === '' ? (
          <EmptyState title="They are not kept apart">{NO_PREFIX}</EmptyState>
        ) : (
          <EmptyState title="No record has failed">
            Whatever could not be processed or converted would be here.
          </EmptyState>
        )
      }
      columns={[
        {
          id: 'arrived',
          header: 'Arrived',
          cell: ({ arrivedAtMs }) => timeText(arrivedAtMs),
          value: ({ arrivedAtMs }) => arrivedAtMs,
          width: 220,
        },
        { id: 'code', header: 'Error', cell: ({ code }) => code, value: ({ code }) => code, width: 260 },
        { id: 'message', header: 'Why', cell: ({ message }) => message, value: ({ message }) => message, width: 320 },
        {
          id: 'data',
          header: 'Record',
          cell: ({ data }) => <Box variant="code">{data}</Box>,
          value: ({ data }) => data,
          width: 480,
        },
      ]}
    />
  )
}

async function errorRecords(bucket: string, prefix: string): Promise<readonly ErrorRecord[]> {
  const objects = await newestObjects(bucket, prefix, OBJECTS_MAX)
  const texts = await Promise.all(objects.map(async ({ key }) => ({ key, text: await textOf(bucket, key) })))
  return texts.flatMap(({ key, text }) =>
    text.split('\n').flatMap((line, index): ErrorRecord[] => {
      try {
        const record = JSON.parse(line) as Record<string, string | number>
        return [
          {
            id: `${key}#${index}`,
            arrivedAtMs: Number(record['arrivalTimestamp'] ?? 0),
            code: String(record['errorCode'] ?? ''),
            message: String(record['errorMessage'] ?? ''),
            data: decoded(String(record['rawData'] ?? '')),
          },
        ]
      } catch {
        // The last line may be cut by the bound on what is read.
        return []
      }
    }),
  )
}

async function textOf(bucket: string, key: string): Promise<string> {
  const bytes = await objectBytes({ bucket, key }, BYTES_MAX)
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return new TextDecoder().decode(bytes)
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream('gzip'))
  return new Response(stream).text()
}

function decoded(base64: string): string {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
  return new TextDecoder().decode(bytes)
}
