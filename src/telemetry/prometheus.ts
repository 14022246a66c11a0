/**
 * The text that Prometheus scrapes, version 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/):
 *
 *   # HELP name text
 *   # TYPE name counter
 *   name{label="value",…} number
 *
 * All lines of a metric stand together, once. In help texts \ and line ends are escaped, in label values " as well.
 */
export const PROMETHEUS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/** How a metric of the lake is told. Everything counts from the start of the process. */
export interface Exposition {
  /** counter: the sum of all values; gauge: the newest one; summary: how many, and their sum. */
  readonly kind: 'counter' | 'gauge' | 'summary'
  readonly name: string
  readonly help: string
  /** Prometheus wants seconds where AWS has milliseconds. */
  readonly scale?: number
}

export interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
  /** Of a summary: how many values `value` is the sum of. */
  readonly count?: number
}

export interface Family extends Exposition {
  readonly samples: readonly Sample[]
}

/** Families without a sample are left out. */
export function prometheusText(families: readonly Family[]): string {
  return families
    .filter(({ samples }) => samples.length > 0)
    .map((family) => {
      const { name, help, kind, scale = 1 } = family
      const lines = family.samples.flatMap(({ labels, value, count = 0 }) => {
        const labelText = textOfLabels(labels)
        const scaled = numberText(value * scale)
        if (kind !== 'summary') return [`${name}${labelText} ${scaled}`]
        return [`${name}_sum${labelText} ${scaled}`, `${name}_count${labelText} ${numberText(count)}`]
      })
      return `# HELP ${name} ${escaped(help)}\n# TYPE ${name} ${kind}\n${lines.join('\n')}\n`
    })
    .join('')
}

function textOfLabels(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value).replaceAll('"', '\\"')}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

const escaped = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (Number.isFinite(value)) return String(value)
  return value > 0 ? '+Inf' : '-Inf'
}
