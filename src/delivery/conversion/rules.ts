/** What the two deserialisers do differently, as values: `row-reader.ts` and `scalars.ts` ask nothing else. */
import type { Conversion } from '../destination.ts'
import { parseJodaPattern, type TimestampParser } from './joda-pattern.ts'
import { fromMillis, openXTimestamp, sqlTimestamp } from './timestamps.ts'

export interface Rules {
  /**
   * OpenX takes what comes: text as a number, one value as a list of one, a list as the fields of a struct, anything as
   * text. Hive refuses what is of another kind (seen on AWS, 2026-09).
   */
  readonly isLenient: boolean
  readonly ignoresCase: boolean
  /** Keys of maps, too, come out in lower case. */
  readonly lowersMapKeys: boolean
  readonly convertsDots: boolean
  /** JSON key by name of column or field, at every depth. */
  readonly keyOfColumn: ReadonlyMap<string, string>
  /** Of a text, or of a number as it is written. */
  readonly timestamp: TimestampParser
}

export function rulesOf(deserializer: Conversion['deserializer']): Rules {
  if (deserializer.kind === 'hive') {
    return {
      isLenient: false,
      ignoresCase: true,
      lowersMapKeys: false,
      convertsDots: false,
      keyOfColumn: new Map(),
      timestamp: hiveTimestamp(deserializer.timestampFormats),
    }
  }
  const { isCaseInsensitive, convertsDots, keyOfColumn } = deserializer
  return {
    isLenient: true,
    ignoresCase: isCaseInsensitive,
    lowersMapKeys: isCaseInsensitive,
    convertsDots,
    keyOfColumn: new Map(Object.entries(keyOfColumn).map(([column, key]) => [column.toLowerCase(), key])),
    timestamp: openXTimestamp,
  }
}

const MILLIS = /^(-?\d{1,16})(?:\.\d+)?$/

/** The first format that takes the whole text; the default form when none does, as Hive's TimestampParser has it. */
export function hiveTimestamp(formats: readonly string[]): TimestampParser {
  const parsers = formats.map((format) => (format.toLowerCase() === 'millis' ? millis : parseJodaPattern(format)))
  return (text) => {
    for (const parse of parsers) {
      const instant = parse(text)
      if (instant !== undefined) return instant
    }
    return sqlTimestamp(text)
  }
}

const millis: TimestampParser = (text) => {
  const whole = MILLIS.exec(text)?.[1]
  return whole === undefined ? undefined : fromMillis(Number(whole))
}
