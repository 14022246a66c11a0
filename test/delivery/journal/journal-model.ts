/**
 * What must be in a journal: the frames that its calls wrote, and what they add up to. Kept as simple as can be: a state
 * is worked out anew from all frames that there ever were.
 */
import type { Journal, Tally } from '../../../src/delivery/journal/journal.ts'

export interface ModelRecord {
  readonly text: string
  readonly arrivalMs: number
}

export type ModelFrame =
  | { readonly kind: 'records'; readonly records: readonly ModelRecord[] }
  | { readonly kind: 'seal'; readonly id: string; readonly target: string; readonly lane: string }
  | { readonly kind: 'retarget'; readonly id: string; readonly target: string }
  | {
      readonly kind: 'part'
      readonly attempt: string
      readonly lane: string
      readonly records: readonly ModelRecord[]
    }
  | { readonly kind: 'release'; readonly id: string; readonly attempt?: string }

export interface ModelBatch {
  readonly id: string
  readonly lane: string
  target: string
  readonly records: readonly ModelRecord[]
}

export interface ModelState {
  readonly sealed: readonly ModelBatch[]
  /** By lane; the main one is ''. None is empty. */
  readonly open: ReadonlyMap<string, readonly ModelRecord[]>
}

export function stateOf(frames: readonly ModelFrame[]): ModelState {
  let sealed: ModelBatch[] = []
  const open = new Map<string, ModelRecord[]>()
  const parts = new Map<string, { lane: string; records: readonly ModelRecord[] }[]>()
  const add = (lane: string, records: readonly ModelRecord[]) => open.set(lane, [...(open.get(lane) ?? []), ...records])
  for (const frame of frames) {
    switch (frame.kind) {
      case 'records':
        add('', frame.records)
        break
      case 'part':
        parts.set(frame.attempt, [...(parts.get(frame.attempt) ?? []), frame])
        break
      case 'seal': {
        const { kind, ...seal } = frame
        const records = open.get(seal.lane)
        if (records !== undefined) sealed.push({ ...seal, records })
        open.delete(seal.lane)
        break
      }
      case 'retarget':
        sealed = sealed.map((batch) => (batch.id === frame.id ? { ...batch, target: frame.target } : batch))
        break
      case 'release':
        sealed = sealed.filter(({ id }) => id !== frame.id)
        for (const { lane, records } of parts.get(frame.attempt ?? '') ?? []) add(lane, records)
    }
  }
  return { sealed, open }
}

/** What can be seen of a state without reading records, in a form that can be compared. */
export function outlineOf({ sealed, open }: ModelState) {
  const all = [...sealed.map(({ records }) => records), ...open.values()]
  const firsts = all.map(([first]) => first?.arrivalMs ?? Number.POSITIVE_INFINITY)
  const oldest = Math.min(...firsts)
  return {
    sealed: sealed.map(({ id, lane, target, records }) => ({ id, lane, target, ...tallyOf(records) })),
    planned: tallyOf(open.get('') ?? []),
    lanes: [...open]
      .filter(([lane]) => lane !== '')
      .map(([lane, records]) => [lane, tallyOf(records)] as const)
      .sort(byName),
    backlogBytes: all.flat().reduce((sum, { text }) => sum + text.length, 0),
    backlogRecords: all.flat().length,
    oldestRecordAtMs: Number.isFinite(oldest) ? oldest : undefined,
    queuedBytes: 0,
  }
}

/** The same of a journal that has nothing left to write. */
export function outlineOfJournal(journal: Journal<string>): ReturnType<typeof outlineOf> {
  const tally = ({ recordCount, bytes, firstRecordAtMs }: Tally) => ({ recordCount, bytes, firstRecordAtMs })
  return {
    sealed: journal.sealed.map(({ id, lane, target, ...rest }) => ({ id, lane, target, ...tally(rest) })),
    planned: tally(journal.planned),
    lanes: [...journal.lanes()].map(([lane, open]) => [lane, tally(open)] as const).sort(byName),
    backlogBytes: journal.backlogBytes,
    backlogRecords: journal.backlogRecords,
    oldestRecordAtMs: journal.oldestRecordAtMs,
    queuedBytes: journal.queuedBytes,
  }
}

/** The records of each sealed batch, oldest batch first. */
export function contentsOf({ sealed }: ModelState): ModelRecord[][] {
  return sealed.map(({ records }) => [...records])
}

export async function contentsOfJournal(journal: Journal<string>): Promise<ModelRecord[][]> {
  const all: ModelRecord[][] = []
  for (const batch of journal.sealed) {
    const found: ModelRecord[] = []
    for await (const records of journal.records(batch))
      for (const { data, arrivalMs } of records) found.push({ text: Buffer.from(data).toString(), arrivalMs })
    all.push(found)
  }
  return all
}

function tallyOf(records: readonly ModelRecord[]): Tally {
  return {
    recordCount: records.length,
    bytes: records.reduce((sum, { text }) => sum + text.length, 0),
    firstRecordAtMs: records[0]?.arrivalMs,
  }
}

function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1
}
