/**
 * A journal on a simulated disk beside the frames that must be in it. Where a death leaves it open how much of an
 * unanswered call survived, all that could be is kept in mind until something can be seen that rules it out.
 */
import { expect } from 'vitest'
import { Journal, type JournalFile, type SealedBatch } from '../../../src/delivery/journal/journal.ts'
import { SealingKey } from '../../../src/delivery/journal/sealing.ts'
import { seededRandom } from '../../../src/platform/random.ts'
import { isRefusal } from '../../../src/platform/refusal.ts'
import { SimulatedDisk } from '../../support/simulated-disk.ts'
import {
  contentsOf,
  contentsOfJournal,
  type ModelFrame,
  type ModelRecord,
  outlineOf,
  outlineOfJournal,
  stateOf,
} from './journal-model.ts'

export type Call =
  | { readonly kind: 'append'; readonly sizes: readonly number[] }
  | { readonly kind: 'seal'; readonly lane: string }
  /** `pick`: one of the sealed batches that no call under way removes. */
  | { readonly kind: 'retarget'; readonly pick: number }
  | { readonly kind: 'release'; readonly pick: number }
  | {
      readonly kind: 'replace'
      readonly pick: number
      readonly outcome: readonly { readonly lane: string; readonly sizes: readonly number[] }[]
    }

interface MadeCall {
  readonly frames: readonly ModelFrame[]
  /** How many failures were known of when it was made: those made before a failure and after it were written apart. */
  readonly run: number
  outcome: 'open' | 'done' | 'refused'
}

interface Held {
  readonly files: readonly JournalFile[]
  readonly frames: readonly ModelFrame[]
}

const DIRECTORY = '/journal/stream'
/** Small, so that a case has several. */
const SEGMENT_BYTES_MAX = 1_500

export class JournalUnderTest {
  readonly disk: SimulatedDisk
  #journal!: Journal<string>
  readonly #keys = new Map<number, Buffer>()
  /** One of these is durable. */
  #durable: readonly (readonly ModelFrame[])[] = [[]]
  /** Since then. */
  #calls: MadeCall[] = []
  #answers: Promise<void>[] = []
  readonly #leaving = new Set<string>()
  #recovered: ReadonlySet<string> = new Set()
  #run = 0
  /** Counts processes. */
  #life = 0
  #made = 0
  #held: Held | undefined
  /** Where the acknowledged bytes ended when that was last known, and whether it still is. */
  #end: { path: string | undefined; bytes: number } | undefined = { path: undefined, bytes: 0 }
  /** Since then. The bytes of one are written together; those of a second would say that the first are durable. */
  #bursts = 0

  private constructor(seed: number) {
    this.disk = new SimulatedDisk(seededRandom(seed))
  }

  static async open(seed: number): Promise<JournalUnderTest> {
    const under = new JournalUnderTest(seed)
    await under.#open()
    return under
  }

  async make(calls: readonly Call[], turns: number | undefined): Promise<void> {
    this.#bursts += 1
    for (const call of calls) this.#make(call)
    if (turns === undefined) return this.#settle()
    for (let turn = 0; turn < turns; turn++) await undefined
  }

  useKey(isEncrypted: boolean): void {
    const id = this.#keys.size + 1
    if (isEncrypted) this.#keys.set(id, Buffer.alloc(32, id))
    this.#journal.encryptWith(isEncrypted ? new SealingKey(id, Buffer.alloc(32, id)) : undefined)
  }

  async reopen(): Promise<void> {
    await this.#settle()
    await this.#journal.close()
    await this.#openAgain()
  }

  /** `bit`: which one, of those never acknowledged, is flipped. `again`: turns after which it dies while being opened. */
  async die(how: 'kill' | 'crash', { bit, again }: { bit: number | undefined; again: number | undefined }) {
    this.disk[how]()
    this.#life += 1
    if (bit !== undefined) this.#flipUnacknowledged(bit)
    if (again !== undefined) {
      Journal.open<string>(this.#options(this.disk)).catch(() => undefined)
      for (let turn = 0; turn < again; turn++) await undefined
      this.disk[how]()
    }
    await this.#openAgain()
  }

  async hold(): Promise<void> {
    if (this.#held !== undefined) return
    await this.#settle()
    this.#held = { files: await this.#journal.hold(), frames: this.#durable[0] ?? [] }
  }

  /** Meanwhile nothing of the held files may have changed: a copy made now is the journal as it was then. */
  async letGo(): Promise<void> {
    const held = this.#held
    if (held === undefined) return
    this.#held = undefined
    const copy = new SimulatedDisk(seededRandom(1))
    const files = copy.fileSystem()
    await files.makeDirectory(DIRECTORY)
    for (const { name, bytes } of held.files) {
      const path = `${DIRECTORY}/${name}`
      const data = this.disk.names.get(path)?.data ?? Buffer.alloc(0)
      const file = await files.open(path, 'create')
      await file.write(data.subarray(0, bytes))
      await file.close()
    }
    const copied = await Journal.open<string>(this.#options(copy))
    same(copied.damage, [])
    same(await fullOutline(copied), fullOutlineOf(held.frames))
    this.#journal.letGo()
  }

  /** Everything is sealed and read; with `badBit` after one of those that were acknowledged was flipped. */
  async endWell(badBit: number | undefined): Promise<void> {
    await this.reopen()
    if (badBit !== undefined) {
      const before = this.#segments().map((path) => ({ path, bytes: this.disk.sizeOf(path) }))
      // What comes behind it says that everything before was promised.
      await this.make([{ kind: 'append', sizes: [1] }], undefined)
      await this.#journal.close()
      const bad = bitIn(
        before.filter(({ path }) => this.disk.names.has(path)),
        badBit,
      )
      if (bad !== undefined) return this.#endDamaged(bad)
      await this.#openAgain()
    }
    const found = await fullOutline(this.#journal)
    sameAsOneOf(this.#durable.map(fullOutlineOf), found)
    await this.#journal.close()
  }

  /** One frame is lost, whichever, and nothing else is; and it is told. */
  async #endDamaged({ path, bit }: Bit): Promise<void> {
    this.disk.flipBit(path, bit)
    const journal = await Journal.open<string>(this.#options(this.disk))
    same(
      journal.damage.map(({ segment }) => segment),
      [path],
    )
    const found = await fullOutline(journal)
    const isPossible = this.#durable.some((frames) => canBecome(frames, JSON.stringify(found)))
    if (!isPossible) expect(this.#durable.map(fullOutlineOf), 'one frame is lost').toContainEqual(found)
    await journal.close()
  }

  #make(call: Call): void {
    const journal = this.#journal
    if (call.kind === 'append') {
      const records = this.#records(call.sizes)
      const arrivalMs = records[0]?.arrivalMs ?? 0
      const frame = { kind: 'records', records: records.map(({ text }) => ({ text, arrivalMs })) } as const
      this.#follow(
        [frame],
        journal.append(
          records.map(({ text }) => Buffer.from(text)),
          arrivalMs,
        ),
      )
    } else if (call.kind === 'seal') {
      const id = this.#name('batch')
      const { lane } = call
      this.#follow([{ kind: 'seal', id, target: 'first', lane }], journal.seal(id, 'first', lane))
    } else {
      const free = journal.sealed.filter(({ id }) => !this.#leaving.has(id))
      const batch = free[call.pick % free.length]
      if (batch !== undefined) this.#makeOf(batch, call)
    }
  }

  #makeOf(batch: SealedBatch<string>, call: Exclude<Call, { readonly kind: 'append' | 'seal' }>): void {
    const journal = this.#journal
    const { id } = batch
    if (call.kind === 'retarget') {
      const target = this.#name('target')
      this.#follow([{ kind: 'retarget', id, target }], journal.retarget(batch, target))
      return
    }
    this.#leaving.add(id)
    const stay = () => void this.#leaving.delete(id)
    if (call.kind === 'release') {
      this.#follow([{ kind: 'release', id }], journal.release(batch).finally(stay))
      return
    }
    const attempt = this.#name('attempt')
    const outcome = call.outcome.map(({ lane, sizes }) => ({ lane, records: this.#records(sizes) }))
    const lanes = outcome.map(({ lane, records }) => ({
      lane,
      records: records.map(({ text, arrivalMs }) => ({ data: Buffer.from(text), arrivalMs })),
    }))
    const parts = outcome.map((part) => ({ kind: 'part', attempt, ...part }) as const)
    const frames: ModelFrame[] = [...parts, { kind: 'release', id, attempt }]
    this.#follow(frames, journal.replace(batch, attempt, lanes).finally(stay))
  }

  #follow(frames: readonly ModelFrame[], answer: Promise<void>): void {
    const call: MadeCall = { frames, run: this.#run, outcome: 'open' }
    this.#calls.push(call)
    const life = this.#life
    const noted = answer.then(
      () => {
        // An answer on its way when the process died was never given.
        if (life !== this.#life) return
        call.outcome = 'done'
        this.#end = undefined
      },
      (error: unknown) => {
        if (life !== this.#life) return
        if (!isRefusal(error) || error.code !== 'journalUnwritable') throw error
        call.outcome = 'refused'
        // One failure refuses several calls, and each hears of it in a turn of its own.
        if (call.run === this.#run) this.#run += 1
      },
    )
    this.#answers.push(noted)
  }

  #records(sizes: readonly number[]): ModelRecord[] {
    return sizes.map((size) => {
      const number = ++this.#made
      return { text: `${number}:${'x'.repeat(size)}`, arrivalMs: number }
    })
  }

  #name(kind: string): string {
    return `${kind} ${++this.#made}`
  }

  /** Every call was answered: what the journal shows is what was done, no more and no less. */
  async #settle(): Promise<void> {
    await Promise.all(this.#answers)
    this.#answers = []
    this.#foldDone()
    const [frames = []] = this.#durable
    same(outlineOfJournal(this.#journal), outlineOf(stateOf(frames)))
    for (const { id, isRecovered } of this.#journal.sealed) same(isRecovered, this.#recovered.has(id))
    if (this.#calls.length === 0) this.#noteEnd()
  }

  /** A call that was done makes sure that those before it are done, whether or not one has heard, and what was refused gone. */
  #foldDone(): void {
    const lastDone = this.#calls.findLastIndex(({ outcome }) => outcome === 'done')
    const done = this.#calls.slice(0, lastDone + 1).filter(({ outcome }) => outcome !== 'refused')
    this.#durable = this.#durable.map((frames) => [...frames, ...done.flatMap((call) => call.frames)])
    this.#calls = this.#calls.slice(lastDone + 1)
  }

  #noteEnd(): void {
    const path = this.#segments().at(-1)
    this.#end = { path, bytes: path === undefined ? 0 : this.disk.sizeOf(path) }
    this.#bursts = 0
  }

  #flipUnacknowledged(bit: number): void {
    if (this.#end === undefined || this.#bursts > 1) return
    const path = this.#segments().at(-1)
    if (path === undefined) return
    const from = path === this.#end.path ? this.#end.bytes : 0
    const bits = (this.disk.sizeOf(path) - from) * 8
    if (bits > 0) this.disk.flipBit(path, from * 8 + (bit % bits))
  }

  async #openAgain(): Promise<void> {
    this.#foldDone()
    this.#durable = this.#durable.flatMap((frames) => [
      frames,
      ...survivals(this.#calls).map((survived) => [...frames, ...survived]),
    ])
    this.#calls = []
    this.#answers = []
    this.#leaving.clear()
    this.#held = undefined
    this.disk.faults = []
    await this.#open()
    const found = { ...outlineOfJournal(this.#journal), contents: await contentsOfJournal(this.#journal) }
    const could = this.#durable.map((frames) => {
      const state = stateOf(frames)
      return { frames, seen: { ...outlineOf(state), contents: contentsOf(state) } }
    })
    const text = JSON.stringify(found)
    this.#durable = could.filter(({ seen }) => JSON.stringify(seen) === text).map(({ frames }) => frames)
    if (this.#durable.length === 0)
      sameAsOneOf(
        could.map(({ seen }) => seen),
        found,
      )
    this.#recovered = new Set(this.#journal.sealed.map(({ id }) => id))
    this.#noteEnd()
  }

  async #open(): Promise<void> {
    this.#journal = await Journal.open<string>(this.#options(this.disk))
    same(this.#journal.damage, [])
    for (const id of this.#journal.keysSeen) same(this.#keys.has(id), true)
  }

  #options(disk: SimulatedDisk) {
    return {
      directory: DIRECTORY,
      files: disk.fileSystem(),
      segmentBytesMax: SEGMENT_BYTES_MAX,
      keyOf: (id: number) => this.#keys.get(id) as Buffer,
    }
  }

  #segments(): string[] {
    return [...this.disk.names.keys()].filter((path) => path.endsWith('.journal')).sort()
  }
}

/** `expect` takes longer than most of what it is asked about here, so it is asked only to say what is wrong. */
function same(found: unknown, expected: unknown): void {
  if (JSON.stringify(found) !== JSON.stringify(expected)) expect(found).toEqual(expected)
}

function sameAsOneOf(possible: readonly unknown[], found: unknown): void {
  const text = JSON.stringify(found)
  if (!possible.some((one) => JSON.stringify(one) === text)) expect(possible).toContainEqual(found)
}

/** What may be left of calls that were not acknowledged: any first frames of those that were written together. */
function survivals(calls: readonly MadeCall[]): ModelFrame[][] {
  const found: ModelFrame[][] = []
  for (const [at, { run }] of calls.entries()) {
    if (at > 0 && calls[at - 1]?.outcome !== 'refused') continue
    const together = calls.slice(at).filter((call) => call.run === run)
    const frames = together.flatMap((call) => call.frames)
    for (let count = 1; count <= frames.length; count++) found.push(frames.slice(0, count))
  }
  return found
}

/** By the loss of one frame, whichever, or of none: the bit may be of a segment's header. */
function canBecome(frames: readonly ModelFrame[], outline: string): boolean {
  const whole = JSON.stringify(fullOutlineOf(frames))
  // The first frames may be gone with their segments, when they make no difference; they could to what is damaged.
  for (let from = 0; from < frames.length; from++) {
    const left = frames.slice(from)
    if (JSON.stringify(fullOutlineOf(left)) !== whole) continue
    for (let lost = -1; lost < left.length; lost++)
      if (JSON.stringify(fullOutlineOf(left.filter((_, at) => at !== lost))) === outline) return true
  }
  return false
}

interface Bit {
  readonly path: string
  readonly bit: number
}

function bitIn(files: readonly { readonly path: string; readonly bytes: number }[], any: number): Bit | undefined {
  const bits = files.reduce((sum, { bytes }) => sum + bytes * 8, 0)
  let bit = any % bits
  for (const { path, bytes } of files) {
    if (bit < bytes * 8) return { path, bit }
    bit -= bytes * 8
  }
  return undefined
}

/** With the records of open batches, which can be read when they are sealed. */
async function fullOutline(journal: Journal<string>) {
  const lanes = ['', ...[...journal.lanes()].map(([lane]) => lane).sort()]
  for (const lane of lanes) await journal.seal(`end of ${lane}`, 'end', lane)
  return { ...outlineOfJournal(journal), contents: await contentsOfJournal(journal) }
}

function fullOutlineOf(frames: readonly ModelFrame[]) {
  const lanes = [...stateOf(frames).open.keys()].sort()
  const seals = lanes.map((lane) => ({ kind: 'seal', id: `end of ${lane}`, target: 'end', lane }) as const)
  const state = stateOf([...frames, ...seals])
  return { ...outlineOf(state), contents: contentsOf(state) }
}
