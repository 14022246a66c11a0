/** CloudWatch Logs: what crawlers say of their decisions. */
import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { client } from './connection.ts'

export interface LogLine {
  readonly atMs: number
  readonly message: string
}

/** The newest lines of a stream, oldest first; none when there is no such stream. */
export async function logLines(group: string, stream: string, max = 5_000): Promise<readonly LogLine[]> {
  const logs = client('logs', (config) => new CloudWatchLogsClient(config))
  try {
    const { events = [] } = await logs.send(
      new GetLogEventsCommand({ logGroupName: group, logStreamName: stream, limit: max, startFromHead: false }),
    )
    return events.map(({ timestamp = 0, message = '' }) => ({ atMs: timestamp, message }))
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return []
    throw error
  }
}
