/** What every journal promises, whatever file system is under it. */
import { expect, test } from 'vitest'
import type { Journal, SealedBatch } from '../../src/delivery/journal/journal.ts'

export interface JournalUnderTest {
  journal: Journal<string>
  /** Closes it and opens the same one again, as the next process would. */
  reopen(): Promise<void>
  close(): Promise<void>
}

export function journalContract(name: string, open: () => Promise<JournalUnderTest>): void {
  const check = (claim: string, body: (under: JournalUnderTest) => Promise<void>) =>
    test(`${name}: ${claim}`, async () => {
      const under = await open()
      try {
        await body(under)
      } finally {
        await under.close()
      }
    })

  check('a new journal is empty', async ({ journal }) => {
    expect(journal.planned).toEqual({ recordCount: 0, bytes: 0, firstRecordAtMs: undefined })
    expect(journal.sealed).toEqual([])
    expect(journal.backlogBytes).toBe(0)
    expect(journal.oldestRecordAtMs).toBeUndefined()
  })

  check('appended records wait in the open batch, also after reopening', async (under) => {
    await under.journal.append(records('ab', '', 'c'), 1_000)
    await under.journal.append(records('def'), 2_000)
    for (const reopened of [false, true]) {
      if (reopened) await under.reopen()
      expect(under.journal.planned).toEqual({ recordCount: 4, bytes: 6, firstRecordAtMs: 1_000 })
      expect(under.journal.backlogBytes).toBe(6)
      expect(under.journal.backlogRecords).toBe(4)
    }
  })

  check('plans are visible before they are durable', async ({ journal }) => {
    const append = journal.append(records('abc'), 5)
    expect(journal.planned).toEqual({ recordCount: 1, bytes: 3, firstRecordAtMs: 5 })
    expect(journal.queuedBytes).toBe(3)
    await append
    expect(journal.queuedBytes).toBe(0)
  })

  check('a sealed batch holds every record since the seal before it, in order', async (under) => {
    void under.journal.append(records('a', 'b'), 1)
    void under.journal.seal('one', 'first')
    void under.journal.append(records('c'), 2)
    await under.journal.seal('two', 'second')
    await under.journal.append(records('d'), 3)
    for (const reopened of [false, true]) {
      if (reopened) await under.reopen()
      expect(under.journal.sealed.map(({ id, target, recordCount }) => [id, target, recordCount])).toEqual([
        ['one', 'first', 2],
        ['two', 'second', 1],
      ])
      expect(under.journal.sealed.map(({ isRecovered }) => isRecovered)).toEqual([reopened, reopened])
      expect(await bodies(under.journal)).toEqual(['ab', 'c'])
      expect(under.journal.planned.recordCount).toBe(1)
      expect(under.journal.oldestRecordAtMs).toBe(1)
    }
  })

  check('sealing nothing makes no batch', async (under) => {
    await under.journal.seal('empty', 'nowhere')
    expect(under.journal.sealed).toEqual([])
    await under.reopen()
    expect(under.journal.sealed).toEqual([])
  })

  check('what becomes of a batch takes its place as one, lane by lane, also after reopening', async (under) => {
    await under.journal.append(records('a', 'b', 'c'), 1)
    await under.journal.seal('step', 'process')
    await under.journal.append(records('later'), 9)
    const [step] = under.journal.sealed as [SealedBatch<string>]
    await under.journal.replace(step, 'first attempt', [
      { lane: 'left', records: laneRecords([1, 'A'], [5, 'C']) },
      { lane: 'right', records: laneRecords([2, 'B']) },
    ])
    for (const reopened of [false, true]) {
      if (reopened) await under.reopen()
      expect(under.journal.sealed).toEqual([])
      expect([...under.journal.lanes()]).toEqual([
        ['left', { recordCount: 2, bytes: 2, firstRecordAtMs: 1 }],
        ['right', { recordCount: 1, bytes: 1, firstRecordAtMs: 2 }],
      ])
      expect(under.journal.planned).toEqual({ recordCount: 1, bytes: 5, firstRecordAtMs: 9 })
      expect(under.journal.backlogRecords).toBe(4)
      expect(under.journal.backlogBytes).toBe(8)
      expect(under.journal.oldestRecordAtMs).toBe(1)
    }
  })

  check('a lane is sealed, read and released by itself, its records with the time of their arrival', async (under) => {
    await under.journal.append(records('a', 'b'), 1)
    await under.journal.seal('step', 'process')
    await under.journal.replace(under.journal.sealed[0] as SealedBatch<string>, 'one', [
      { lane: 'left', records: laneRecords([1, 'A'], [7, '']) },
      { lane: 'right', records: laneRecords([2, 'B']) },
    ])
    await under.journal.append(records('c'), 3)
    await under.journal.seal('step 2', 'process')
    await under.journal.replace(under.journal.sealed[0] as SealedBatch<string>, 'two', [
      { lane: 'left', records: laneRecords([8, 'C']) },
    ])
    await under.journal.seal('object', 'place', 'left')
    for (const reopened of [false, true]) {
      if (reopened) await under.reopen()
      expect([...under.journal.lanes()].map(([lane]) => lane)).toEqual(['right'])
      const [sealed] = under.journal.sealed as [SealedBatch<string>]
      expect(sealed).toMatchObject({
        id: 'object',
        lane: 'left',
        target: 'place',
        recordCount: 3,
        isRecovered: reopened,
      })
      const found = []
      for await (const some of under.journal.records(sealed)) found.push(...some)
      expect(found.map(({ data, arrivalMs }) => [arrivalMs, data.toString()])).toEqual([
        [1, 'A'],
        [7, ''],
        [8, 'C'],
      ])
      expect(await bodies(under.journal)).toEqual(['AC'])
    }
    await under.journal.release(under.journal.sealed[0] as SealedBatch<string>)
    await under.reopen()
    expect(under.journal.backlogRecords).toBe(1)
  })

  check('a batch of which nothing is left is gone', async (under) => {
    await under.journal.append(records('a'), 1)
    await under.journal.seal('step', 'process')
    await under.journal.replace(under.journal.sealed[0] as SealedBatch<string>, 'one', [])
    await under.reopen()
    expect(under.journal.backlogRecords).toBe(0)
    expect(under.journal.backlogBytes).toBe(0)
  })

  check('more than a frame holds may come of a batch', async (under) => {
    await under.journal.append(records('a'), 1)
    await under.journal.seal('step', 'process')
    const large = Array.from({ length: 9 }, (_, index) => ({
      data: Buffer.alloc(1_100_000, 65 + index),
      arrivalMs: index,
    }))
    await under.journal.replace(under.journal.sealed[0] as SealedBatch<string>, 'one', [
      { lane: 'left', records: large },
    ])
    await under.journal.seal('object', 'place', 'left')
    await under.reopen()
    const [body = ''] = await bodies(under.journal)
    expect(body === Buffer.concat(large.map(({ data }) => data)).toString()).toBe(true)
  })

  check('a new target survives reopening', async (under) => {
    await under.journal.append(records('a'), 1)
    await under.journal.seal('one', 'old')
    await under.journal.retarget(under.journal.sealed[0] as SealedBatch<string>, 'new')
    expect(under.journal.sealed[0]?.target).toBe('new')
    await under.reopen()
    expect(under.journal.sealed[0]?.target).toBe('new')
  })

  check('a released batch is gone, and those around it are not', async (under) => {
    for (const id of ['one', 'two', 'three']) {
      await under.journal.append(records(id), 1)
      await under.journal.seal(id, id)
    }
    await under.journal.append(records('open'), 9)
    await under.journal.release(under.journal.sealed[1] as SealedBatch<string>)
    for (const reopened of [false, true]) {
      if (reopened) await under.reopen()
      expect(await bodies(under.journal)).toEqual(['one', 'three'])
      expect(under.journal.planned.recordCount).toBe(1)
      expect(under.journal.backlogBytes).toBe('onethreeopen'.length)
    }
  })

  check('control frames inside an open batch are not part of its bytes', async (under) => {
    await under.journal.append(records('a'), 1)
    await under.journal.seal('one', 'x')
    await under.journal.append(records('b'), 2)
    await under.journal.release(under.journal.sealed[0] as SealedBatch<string>)
    await under.journal.append(records('c'), 3)
    await under.journal.seal('two', 'y')
    expect(await bodies(under.journal)).toEqual(['bc'])
    await under.reopen()
    expect(await bodies(under.journal)).toEqual(['bc'])
  })

  check('a batch larger than a segment spans several and reads back whole', async (under) => {
    const large = Array.from({ length: 40 }, (_, index) => Buffer.alloc(700, 65 + (index % 26)))
    for (const record of large) await under.journal.append([record], 1)
    await under.journal.seal('large', 'x')
    await under.reopen()
    expect(await bodies(under.journal)).toEqual([Buffer.concat(large).toString()])
  })

  check('what was asked for before closing is durable, what comes after is refused', async (under) => {
    const { journal } = under
    const before = journal.append(records('kept'), 1)
    const closing = journal.close()
    await expect(journal.append(records('late'), 2)).rejects.toMatchObject({ code: 'closing' })
    await Promise.all([before, closing])
    await under.reopen()
    expect(under.journal.planned.bytes).toBe(4)
  })
}

function laneRecords(...records: [arrivalMs: number, text: string][]) {
  return records.map(([arrivalMs, text]) => ({ data: Buffer.from(text), arrivalMs }))
}

export function records(...texts: string[]): Buffer[] {
  return texts.map((text) => Buffer.from(text))
}

export async function bodies(journal: Journal<string>): Promise<string[]> {
  const all: string[] = []
  for (const batch of journal.sealed) {
    let text = ''
    for await (const chunk of journal.body(batch)) text += chunk.toString()
    all.push(text)
  }
  return all
}
