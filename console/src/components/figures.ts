/** Numbers and times as people read them. */
const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const

/** `173.17 KB`: of 1,024, as AWS's console counts. */
export function bytesText(bytes: number | undefined): string {
  if (bytes === undefined) return '–'
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024
    unit++
  }
  return `${unit === 0 || Number.isInteger(value) ? value : value.toFixed(2)} ${UNITS[unit]}`
}

export function numberText(value: number | undefined): string {
  return value === undefined ? '–' : value.toLocaleString('en-US')
}

/** `0.198 sec`, `2 min 5 sec`, `1 h 3 min`. */
export function durationText(ms: number | undefined): string {
  if (ms === undefined) return '–'
  if (ms < 60_000) return `${Number((ms / 1000).toFixed(ms < 1000 ? 3 : 2))} sec`
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 60) return `${minutes} min ${Math.floor((ms % 60_000) / 1000)} sec`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** `12 sec ago`, `3 min ago`, `yesterday`… of a moment in the past. */
export function agoText(at: Date | number | undefined, nowMs = Date.now()): string {
  if (at === undefined) return '–'
  const seconds = Math.max(0, Math.round((nowMs - new Date(at).getTime()) / 1000))
  if (seconds < 5) return 'just now'
  if (seconds < 60) return `${seconds} sec ago`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`
  const days = Math.floor(seconds / 86_400)
  return days === 1 ? 'yesterday' : `${days} days ago`
}

/** `Nov 27, 2026, 07:12:32 (UTC)` */
export function timeText(at: Date | number | undefined): string {
  if (at === undefined) return '–'
  const text = new Date(at).toLocaleString('en-US', {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: false,
    timeZone: 'UTC',
  })
  return `${text} (UTC)`
}

export function countText(count: number, one: string, many = `${one}s`): string {
  return `${numberText(count)} ${count === 1 ? one : many}`
}

export function median(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle] : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}
