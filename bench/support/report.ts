/** One line of a benchmark's result. */
export interface Row {
  readonly what: string
  readonly value: number | string
  readonly unit: string
  readonly remark: string
}

export function row(what: string, value: number | string, unit: string, remark = ''): Row {
  return { what, value, unit, remark }
}

export function rowText({ what, value, unit, remark }: Row): string {
  const shown = typeof value === 'number' ? value.toFixed(value >= 100 ? 0 : 2) : value
  return `| ${what} | ${shown}${unit && ` ${unit}`} | ${remark} |`
}
