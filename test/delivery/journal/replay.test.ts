import { expect, test } from 'vitest'
import { encodeFrame, SEGMENT_HEADER } from '../../../src/delivery/journal/frame.ts'
import { readSegment, soundFrames } from '../../../src/delivery/journal/replay.ts'
import type { OpenFile } from '../../../src/platform/file-system.ts'

/** Frames of one group each; `durable` is where the group before it ended, as the journal writes it. */
function segment(...bodies: string[]): { bytes: Buffer; ends: number[] } {
  let bytes: Buffer = Buffer.from(SEGMENT_HEADER)
  const ends: number[] = []
  for (const [index, body] of bodies.entries()) {
    const durable = index === 0 ? 0 : bytes.byteLength
    bytes = Buffer.concat([bytes, ...encodeFrame('release', durable, [Buffer.from(body)])])
    ends.push(bytes.byteLength)
  }
  return { bytes, ends }
}

const whole = segment('first', 'second', 'third')
const [firstEnd, secondEnd, thirdEnd] = whole.ends as [number, number, number]

const cases: { claim: string; bytes: Buffer; isLast: boolean; seen: string[]; end: number; damaged: object[] }[] = [
  {
    claim: 'a sound segment',
    bytes: whole.bytes,
    isLast: true,
    seen: ['first', 'second', 'third'],
    end: thirdEnd,
    damaged: [],
  },
  { claim: 'an empty file', bytes: Buffer.alloc(0), isLast: true, seen: [], end: 0, damaged: [] },
  {
    claim: 'a header alone',
    bytes: SEGMENT_HEADER,
    isLast: true,
    seen: [],
    end: SEGMENT_HEADER.byteLength,
    damaged: [],
  },
  { claim: 'half a header', bytes: SEGMENT_HEADER.subarray(0, 7), isLast: true, seen: [], end: 0, damaged: [] },
  {
    claim: 'a last frame cut short',
    bytes: whole.bytes.subarray(0, thirdEnd - 1),
    isLast: true,
    seen: ['first', 'second'],
    end: secondEnd,
    damaged: [],
  },
  {
    claim: 'a last frame of zeros',
    bytes: zeroed(secondEnd, thirdEnd),
    isLast: true,
    seen: ['first', 'second'],
    end: secondEnd,
    damaged: [],
  },
  {
    claim: 'rubbish behind the last frame',
    bytes: Buffer.concat([whole.bytes, Buffer.alloc(5_000, 'rubbish')]),
    isLast: true,
    seen: ['first', 'second', 'third'],
    end: thirdEnd,
    damaged: [],
  },
  {
    claim: 'damage to a frame that a later one calls durable',
    bytes: zeroed(firstEnd, secondEnd),
    isLast: true,
    seen: ['first', 'third'],
    end: thirdEnd,
    damaged: [{ start: firstEnd, end: secondEnd }],
  },
  {
    claim: 'a damaged header',
    bytes: zeroed(0, 4),
    isLast: true,
    seen: ['first', 'second', 'third'],
    end: thirdEnd,
    damaged: [{ start: 0, end: SEGMENT_HEADER.byteLength }],
  },
  {
    claim: 'a cut in a segment that is not the last',
    bytes: whole.bytes.subarray(0, thirdEnd - 1),
    isLast: false,
    seen: ['first', 'second'],
    end: thirdEnd - 1,
    damaged: [{ start: secondEnd, end: thirdEnd - 1 }],
  },
]

for (const { claim, bytes, isLast, seen, end, damaged } of cases) {
  test(`${claim}: ${damaged.length > 0 ? 'the damage is told and' : ''} what is sound is read`, async () => {
    const bodies: string[] = []
    const reading = await readSegment(fileOf(bytes), isLast, ({ frame }) => bodies.push(frame.body.toString()))
    expect(bodies).toEqual(seen)
    expect(reading).toEqual({ end, damaged })
  })
}

test('a frame torn from the middle of the last, unacknowledged group is a torn tail', async () => {
  const acknowledged = segment('first')
  const durable = acknowledged.bytes.byteLength
  const lost = Buffer.concat(encodeFrame('release', durable, [Buffer.from('second')]))
  const kept = Buffer.concat(encodeFrame('release', durable, [Buffer.from('third')]))
  const bytes = Buffer.concat([acknowledged.bytes, Buffer.alloc(lost.byteLength), kept])
  const reading = await readSegment(fileOf(bytes), true, () => undefined)
  expect(reading).toEqual({ end: durable, damaged: [] })
})

test('a file that became shorter than it was ends the reading instead of hanging it', async () => {
  const reading = soundFrames(fileOf(whole.bytes.subarray(0, firstEnd)), SEGMENT_HEADER.byteLength, thirdEnd)
  expect(await reading.next()).toMatchObject({ done: false })
  expect(await reading.next()).toEqual({ done: true, value: firstEnd })
})

function zeroed(start: number, end: number): Buffer {
  return Buffer.from(whole.bytes).fill(0, start, end)
}

function fileOf(bytes: Buffer): OpenFile {
  const readOnly = () => Promise.reject(new Error('Replay reads only.'))
  return {
    write: readOnly,
    writeMany: readOnly,
    sync: readOnly,
    truncate: readOnly,
    read: async (length, position) => Buffer.from(bytes.subarray(position, position + length)),
    size: async () => bytes.byteLength,
    close: async () => undefined,
  }
}
