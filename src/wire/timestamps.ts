/** The three ways AWS writes an instant. */
import type { TimestampFormat } from './shape.ts'

/** ISO 8601 has milliseconds, as S3 and IAM write it; RFC 822 is an HTTP date; unixTimestamp is seconds with fraction. */
export function formatTimestamp(date: Date, format: TimestampFormat): string {
  switch (format) {
    case 'iso8601':
      return date.toISOString()
    case 'rfc822':
      return date.toUTCString()
    case 'unixTimestamp':
      return String(date.getTime() / 1000)
  }
}

/** undefined when the text is no instant in that format. */
export function parseTimestamp(text: string, format: TimestampFormat): Date | undefined {
  switch (format) {
    case 'iso8601':
      return /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:?\d\d)?)?$/.test(text) ? validDate(Date.parse(text)) : undefined
    case 'rfc822':
      return validDate(Date.parse(text))
    case 'unixTimestamp':
      return /^-?\d+(\.\d+)?$/.test(text) ? validDate(Math.round(Number(text) * 1000)) : undefined
  }
}

function validDate(ms: number): Date | undefined {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? undefined : date
}
