/** All that the drawing of the lake shows, each part looked at as often as it changes and no more. */
import type { QueryExecution } from '@aws-sdk/client-athena'
import type { Crawler, Table } from '@aws-sdk/client-glue'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { type StreamFigures, streamFigures } from '../../drivers/admin.ts'
import { history } from '../../drivers/athena.ts'
import { streams } from '../../drivers/firehose.ts'
import { crawlers, databases, tables } from '../../drivers/glue.ts'
import { buckets } from '../../drivers/s3.ts'
import { fixedPart, newestObjects } from '../firehose/newest-objects.ts'
import { bucketOf, destinationOf } from '../firehose/stream-text.tsx'

export interface LakeStream {
  readonly name: string
  readonly bucket: string
  readonly prefix: string
  readonly status: string
  readonly intervalSeconds: number
  readonly figures: StreamFigures | undefined
  /** Records a second, over the last look. */
  readonly rate: number | undefined
}

export interface LastObject {
  readonly key: string
  readonly at: Date | undefined
}

export interface Lake {
  readonly isLoading: boolean
  readonly error: unknown
  readonly streams: readonly LakeStream[]
  readonly buckets: readonly string[]
  /** By bucket; a bucket that was not looked into is absent. */
  readonly lastObjects: Readonly<Record<string, LastObject | 'none'>>
  readonly crawlers: readonly Crawler[]
  readonly tables: readonly Table[]
  readonly queries: readonly QueryExecution[]
}

const TABLES_MAX = 50
const QUERIES_MAX = 50
/** Prefixes of streams whose newest object is looked for. */
const LOOKED_INTO_MAX = 5

export function useLake(): Lake {
  const figures = useQuery({ queryKey: ['figures'], queryFn: streamFigures, refetchInterval: 2_000 })
  const described = useQuery({ queryKey: ['streams'], queryFn: streams, refetchInterval: 30_000 })
  const bucketList = useQuery({ queryKey: ['buckets'], queryFn: buckets, refetchInterval: 60_000 })
  const crawlerList = useQuery({
    queryKey: ['home-crawlers'],
    queryFn: crawlers,
    refetchInterval: ({ state }) => (state.data?.some(({ State }) => State !== 'READY') ? 2_000 : 10_000),
  })
  const tableList = useQuery({
    queryKey: ['home-tables'],
    queryFn: async () => {
      const names = (await databases()).slice(0, 10)
      return (await Promise.all(names.map(({ Name = '' }) => tables(Name)))).flat().slice(0, TABLES_MAX)
    },
    refetchInterval: 20_000,
  })
  const queries = useQuery({
    queryKey: ['home-queries'],
    queryFn: () => history('primary', QUERIES_MAX),
    refetchInterval: 10_000,
  })
  const targets = (described.data ?? []).map((stream) => ({
    bucket: bucketOf(stream),
    prefix: fixedPart(destinationOf(stream)?.Prefix ?? ''),
  }))
  const objects = useQuery({
    queryKey: ['home-objects', targets],
    queryFn: async () => {
      const found: Record<string, LastObject | 'none'> = {}
      for (const { bucket, prefix } of targets.slice(0, LOOKED_INTO_MAX)) {
        const [newest] = await newestObjects(bucket, prefix, 1)
        const before = found[bucket]
        if (newest === undefined) found[bucket] = before ?? 'none'
        else if (before === undefined || before === 'none' || (before.at ?? 0) < (newest.modified ?? 0))
          found[bucket] = { key: newest.key, at: newest.modified }
      }
      return found
    },
    enabled: targets.length > 0,
    refetchInterval: 20_000,
  })
  const rates = useRates(figures.data, figures.dataUpdatedAt)
  return {
    isLoading: [figures, described, bucketList, crawlerList, tableList, queries].some(({ isPending }) => isPending),
    error: [described, bucketList, crawlerList, tableList, queries, figures].find(({ error }) => error !== null)?.error,
    streams: (described.data ?? []).map((stream, index) => {
      const name = stream.DeliveryStreamName ?? ''
      return {
        name,
        bucket: targets[index]?.bucket ?? '',
        prefix: targets[index]?.prefix ?? '',
        status: stream.DeliveryStreamStatus ?? '',
        intervalSeconds: destinationOf(stream)?.BufferingHints?.IntervalInSeconds ?? 300,
        figures: figures.data?.find((one) => one.name === name),
        rate: rates[name],
      }
    }),
    buckets: (bucketList.data ?? []).map(({ Name = '' }) => Name),
    lastObjects: objects.data ?? {},
    crawlers: crawlerList.data ?? [],
    tables: tableList.data ?? [],
    queries: queries.data ?? [],
  }
}

function useRates(
  figures: readonly StreamFigures[] | undefined,
  atMs: number,
): Readonly<Record<string, number | undefined>> {
  const before = useRef<{ readonly atMs: number; readonly accepted: ReadonlyMap<string, number> }>(undefined)
  const [rates, setRates] = useState<Readonly<Record<string, number | undefined>>>({})
  useEffect(() => {
    if (figures === undefined || before.current?.atMs === atMs) return
    const accepted = new Map(figures.map(({ name, acceptedRecords }) => [name, acceptedRecords]))
    const last = before.current
    before.current = { atMs, accepted }
    if (last === undefined) return
    const seconds = (atMs - last.atMs) / 1000
    setRates(
      Object.fromEntries(
        [...accepted].map(([name, count]) => {
          const was = last.accepted.get(name)
          // Fewer than before: the lake was started anew.
          return [name, was === undefined || count < was || seconds <= 0 ? undefined : (count - was) / seconds]
        }),
      ),
    )
  }, [figures, atMs])
  return rates
}
