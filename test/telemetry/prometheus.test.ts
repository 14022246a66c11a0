import fc from 'fast-check'
import { expect, test } from 'vitest'
import { prometheusText } from '../../src/telemetry/prometheus.ts'

test('counters, gauges and summaries, each with its help and type', () => {
  const text = prometheusText([
    {
      kind: 'counter',
      name: 'records_total',
      help: 'Records.',
      samples: [
        { labels: { stream: 'a' }, value: 3 },
        { labels: { stream: 'b' }, value: 4 },
      ],
    },
    { kind: 'gauge', name: 'up', help: 'Up.', samples: [{ labels: {}, value: 1 }] },
    {
      kind: 'summary',
      name: 'put_seconds',
      help: 'Time.',
      scale: 0.001,
      samples: [{ labels: {}, value: 2500, count: 10 }],
    },
  ])
  expect(text).toBe(
    [
      '# HELP records_total Records.',
      '# TYPE records_total counter',
      'records_total{stream="a"} 3',
      'records_total{stream="b"} 4',
      '# HELP up Up.',
      '# TYPE up gauge',
      'up 1',
      '# HELP put_seconds Time.',
      '# TYPE put_seconds summary',
      'put_seconds_sum 2.5',
      'put_seconds_count 10',
      '',
    ].join('\n'),
  )
})

test('what has no sample is not told', () => {
  expect(prometheusText([{ kind: 'gauge', name: 'up', help: 'Up.', samples: [] }])).toBe('')
})

test.each([
  [Number.NaN, 'NaN'],
  [Number.POSITIVE_INFINITY, '+Inf'],
  [Number.NEGATIVE_INFINITY, '-Inf'],
  [1e21, '1e+21'],
])('%d is written %s', (value, expected) => {
  expect(prometheusText([{ kind: 'gauge', name: 'x', help: '', samples: [{ labels: {}, value }] }])).toContain(
    `\nx ${expected}\n`,
  )
})

test('no label breaks out of its quotes, whatever is in it', () => {
  fc.assert(
    fc.property(fc.string(), (label) => {
      const text = prometheusText([
        { kind: 'gauge', name: 'x', help: 'h', samples: [{ labels: { a: label }, value: 1 }] },
      ])
      const line = text.split('\n')[2] ?? ''
      const escaped = /^x\{a="((?:[^"\\]|\\[\\n"])*)"\} 1$/.exec(line)?.[1]
      expect(escaped?.replaceAll(/\\(.)/g, (_all, mark: string) => (mark === 'n' ? '\n' : mark))).toBe(label)
    }),
  )
})
