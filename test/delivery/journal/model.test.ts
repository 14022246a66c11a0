/**
 * Random lives of a journal against a model of it: calls alone and together, failing writes and syncs, changing keys, clean
 * ends, kills and power failures at any step, flipped bits in what was never acknowledged and in what was. 200 cases here;
 * 10,000 by `npm run test:journal`. A failure prints its seed; add it to `CASES_THAT_FAILED`.
 */
import fc from 'fast-check'
import { test } from 'vitest'
import type { DiskFault } from '../../support/simulated-disk.ts'
import { type Call, JournalUnderTest } from './journal-under-test.ts'

const CASES = Number(process.env['LAKELET_JOURNAL_CASES'] ?? 200)

type Action =
  /** Calls made in the same turn, and how many turns are let pass then; undefined: until all are answered. */
  | { readonly kind: 'calls'; readonly calls: readonly Call[]; readonly turns: number | undefined }
  | { readonly kind: 'fault'; readonly fault: DiskFault }
  | { readonly kind: 'key'; readonly isEncrypted: boolean }
  | { readonly kind: 'reopen' | 'hold' | 'letGo' }
  /** `bit`: one of those that were never acknowledged is flipped. `again`: dies once more while it is being opened. */
  | {
      readonly kind: 'kill' | 'crash'
      readonly bit: number | undefined
      readonly again: number | undefined
    }

const size = fc.nat(300)
const sizes = fc.array(size, { minLength: 1, maxLength: 4 })
const lane = fc.constantFrom('a', 'b', 'c')

const aCall: fc.Arbitrary<Call> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('append' as const), sizes }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('seal' as const), lane: fc.constantFrom('', '', 'a', 'b', 'c') }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('retarget' as const), pick: fc.nat(9) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('release' as const), pick: fc.nat(9) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('replace' as const),
      pick: fc.nat(9),
      outcome: fc.array(fc.record({ lane, sizes }), { maxLength: 4 }),
    }),
  },
)

const anAction: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 14,
    arbitrary: fc.record({
      kind: fc.constant('calls' as const),
      calls: fc.array(aCall, { minLength: 1, maxLength: 5 }),
      turns: fc.option(fc.nat(60), { nil: undefined }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('fault' as const),
      fault: fc.constantFrom<DiskFault>(
        'fullDisk',
        'failedWrite',
        'failedSync',
        'failedOpen',
        'failedMakeDirectory',
        'failedFolderSync',
        'failedRemove',
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('key' as const), isEncrypted: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom('reopen' as const, 'hold' as const, 'letGo' as const) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('kill' as const, 'crash' as const),
      bit: fc.option(fc.nat(), { nil: undefined }),
      again: fc.option(fc.nat(40), { nil: undefined, freq: 2 }),
    }),
  },
)

const CASES_THAT_FAILED: [number, Action[], number | undefined][] = [
  // A segment of which nothing was durable was followed by the next; a power failure kept only the second one's name.
  [
    1127738869,
    [
      {
        kind: 'calls',
        calls: [
          { kind: 'append', sizes: [121, 243] },
          { kind: 'append', sizes: [94, 98, 265] },
          { kind: 'release', pick: 0 },
        ],
        turns: 0,
      },
      {
        kind: 'calls',
        calls: [
          { kind: 'seal', lane: '' },
          { kind: 'seal', lane: '' },
          { kind: 'release', pick: 0 },
        ],
        turns: 0,
      },
      {
        kind: 'calls',
        calls: [
          { kind: 'seal', lane: '' },
          { kind: 'replace', pick: 0, outcome: [] },
        ],
        turns: undefined,
      },
      { kind: 'key', isEncrypted: true },
      { kind: 'hold' },
      { kind: 'fault', fault: 'failedFolderSync' },
      {
        kind: 'calls',
        calls: [
          { kind: 'seal', lane: '' },
          { kind: 'replace', pick: 0, outcome: [] },
          { kind: 'append', sizes: [102, 144] },
        ],
        turns: 0,
      },
      { kind: 'calls', calls: [{ kind: 'seal', lane: '' }], turns: undefined },
      {
        kind: 'calls',
        calls: [
          {
            kind: 'replace',
            pick: 0,
            outcome: [
              { lane: 'a', sizes: [108] },
              { lane: 'a', sizes: [13] },
              { lane: 'a', sizes: [294, 21, 252, 259] },
            ],
          },
          { kind: 'append', sizes: [146] },
          { kind: 'replace', pick: 0, outcome: [] },
        ],
        turns: 0,
      },
      { kind: 'fault', fault: 'failedOpen' },
      { kind: 'fault', fault: 'fullDisk' },
      { kind: 'calls', calls: [{ kind: 'release', pick: 0 }], turns: undefined },
      { kind: 'calls', calls: [{ kind: 'replace', pick: 0, outcome: [] }], turns: undefined },
      { kind: 'crash', bit: undefined, again: undefined },
      { kind: 'calls', calls: [{ kind: 'seal', lane: '' }], turns: undefined },
    ],
    undefined,
  ],
]

test('whatever is called, fails or dies, what was promised is there in its order, and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(),
      fc.array(anAction, { minLength: 1, maxLength: 25, size: 'max' }),
      fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.nat() }),
      async (seed, actions, badBit) => {
        const journal = await JournalUnderTest.open(seed)
        for (const action of actions) await act(journal, action)
        await journal.endWell(badBit)
      },
    ),
    { numRuns: CASES, examples: CASES_THAT_FAILED },
  )
}, 1_200_000)

async function act(journal: JournalUnderTest, action: Action): Promise<void> {
  switch (action.kind) {
    case 'calls':
      return journal.make(action.calls, action.turns)
    case 'fault':
      journal.disk.faults.push(action.fault)
      return
    case 'key':
      journal.useKey(action.isEncrypted)
      return
    case 'reopen':
    case 'hold':
    case 'letGo':
      return journal[action.kind]()
    default:
      return journal.die(action.kind, action)
  }
}
