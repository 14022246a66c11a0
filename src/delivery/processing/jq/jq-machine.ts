/**
 * Runs real jq: the WebAssembly build inside the npm package `jq-web` 0.5.1, which is jq's commit 341a5fc. Between that
 * commit and the tag jq-1.6 lie documentation and a check of `configure`: it is the JQ-1.6 that Firehose names. Newer
 * builds speak a newer language (they keep the digits of big integers, take `if` as a member's value, know `abs`, …).
 *
 * We are its operating system ourselves, instead of Emscripten's JavaScript: that one moves standard input and output
 * byte by byte and cannot run `main` in one instance again and again. Here every run of the program is a fresh instance;
 * it has standard input, output and errors, a clock, no files, no environment, and a bound on its memory.
 *
 * The names of imports and exports are one letter each, as the optimiser left them: they belong to exactly this binary,
 * which the lock file pins and `test/delivery/processing/jq/jq-machine.test.ts` proves.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Clock } from '../../../platform/clock.ts'
import { type BrokenDownTime, brokenDown, epochSeconds } from './broken-down-time.ts'
import { formatTime } from './strftime.ts'
import { parseTime } from './strptime.ts'
import { type WasmImports, type WasmModule, webAssembly } from './web-assembly.ts'

export interface StandardStreams {
  /** Fills from the start of `into` and gives the number of bytes; 0 ends the input. May block. */
  read(into: Uint8Array): number
  /** `bytes` are the program's memory: valid only during the call. */
  write(bytes: Uint8Array): void
  writeError(bytes: Uint8Array): void
}

export interface JqRun {
  readonly args: readonly string[]
  readonly streams: StandardStreams
  readonly clock: Pick<Clock, 'nowMs'>
}

/** The program has broken down: no memory left, endless recursion. Its instance is gone, the thread is sound. */
export class JqBreakdown extends Error {}

export interface JqProgram {
  /** What `main` returned. Throws JqBreakdown. */
  run(run: JqRun): number
}

const PAGE_BYTES = 65_536
const MEMORY_PAGES_MIN = 256
/** 256 MiB: a record of 1,024,000 bytes as jq's values takes 60 MiB at worst. */
const MEMORY_PAGES_MAX = 4096
/** Memory grows by at least 4 MiB. */
const GROWTH_PAGES = 64
/** Of this binary: the size of its table, where it keeps the end of its heap, and where that begins. */
const TABLE_SIZE = 177
const HEAP_END_AT = 332_416
const HEAP_START = 5_575_456

const NO_ENTRY = -2
const NOT_A_TERMINAL = -25
const REGULAR_FILE = 4
const ILLEGAL_SEEK = 29
const TIME_MAX = 2 ** 31 - 1
const TIME_MIN = -(2 ** 31)

class Exit extends Error {
  readonly status: number

  constructor(status: number) {
    super(`exit ${status}`)
    this.status = status
  }
}

interface Exports {
  /** Constructors. */
  E(): void
  /** `main` */
  F(argc: number, argv: number): number
  /** Room on the stack. */
  L(bytes: number): number
}

/** Reads and compiles the binary: some 20 ms. */
export function compiledJq(): WasmModule {
  return new webAssembly.Module(readFileSync(createRequire(import.meta.url).resolve('jq-web/jq.wasm.wasm')))
}

export function jqProgram(module: WasmModule): JqProgram {
  return { run: (run) => new Machine(module, run).main() }
}

class Machine {
  readonly #run: JqRun
  readonly #memory = new webAssembly.Memory({ initial: MEMORY_PAGES_MIN, maximum: MEMORY_PAGES_MAX })
  #bytes = new Uint8Array(this.#memory.buffer)
  #words = new Int32Array(this.#memory.buffer)
  readonly #exports: Exports

  constructor(module: WasmModule, run: JqRun) {
    this.#run = run
    this.#words[HEAP_END_AT >> 2] = HEAP_START
    const imports = this.#imports()
    const byModule: WasmImports = {}
    for (const { module: name, name: letter } of webAssembly.Module.imports(module)) {
      byModule[name] = { ...byModule[name], [letter]: imports[letter] }
    }
    this.#exports = new webAssembly.Instance(module, byModule).exports as Exports
  }

  main(): number {
    try {
      this.#exports.E()
      return this.#exports.F(...this.#arguments(['jq', ...this.#run.args]))
    } catch (error) {
      if (error instanceof Exit) return error.status
      const isOfMachine = error instanceof webAssembly.RuntimeError || error instanceof RangeError
      throw isOfMachine ? new JqBreakdown(error.message, { cause: error }) : error
    }
  }

  #arguments(args: readonly string[]): [argc: number, argv: number] {
    const argv = this.#exports.L((args.length + 1) * 4)
    for (const [index, arg] of args.entries()) {
      const text = Buffer.from(`${arg}\0`)
      const at = this.#exports.L(text.length)
      this.#bytes.set(text, at)
      this.#words[(argv >> 2) + index] = at
    }
    this.#words[(argv >> 2) + args.length] = 0
    return [args.length, argv]
  }

  #imports(): Record<string, unknown> {
    const { streams } = this.#run
    return {
      memory: this.#memory,
      table: new webAssembly.Table({ initial: TABLE_SIZE, maximum: TABLE_SIZE, element: 'anyfunc' }),
      // Ends of the program.
      a: (condition: number) => this.#breakDown(`assertion failed: ${this.#text(condition)}`),
      b: (status: number) => {
        throw new Exit(status)
      },
      j: () => this.#breakDown('aborted'),
      // Memory: memcpy, sbrk.
      q: (to: number, from: number, count: number) => {
        this.#bytes.copyWithin(to, from, from + count)
      },
      r: (wanted: number) => this.#grow(wanted),
      // Locks: there is one thread.
      y: () => undefined,
      d: () => undefined,
      // Files: stat, fstat, open, readlink find nothing; fcntl and close do nothing; no descriptor is a terminal.
      i: () => NO_ENTRY,
      B: () => NO_ENTRY,
      e: () => NO_ENTRY,
      v: () => NO_ENTRY,
      h: () => 0,
      c: () => 0,
      A: () => NOT_A_TERMINAL,
      g: (_descriptor: number, stat: number) => {
        this.#bytes[stat] = REGULAR_FILE
        return 0
      },
      o: () => ILLEGAL_SEEK,
      w: (_descriptor: number, vector: number, count: number, total: number) =>
        this.#transfer(vector, count, total, (part) => streams.read(part), 1),
      z: (descriptor: number, vector: number, count: number, total: number) =>
        this.#transfer(vector, count, total, (part) => {
          if (descriptor === 1) streams.write(part)
          else streams.writeError(part)
          return part.length
        }),
      // pathconf: the longest path.
      C: () => 4096,
      // Nobody, nowhere: getuid, getpwuid, environ.
      u: () => 0,
      D: () => 0,
      s: () => 0,
      t: (count: number, size: number) => {
        this.#words[count >> 2] = 0
        this.#words[size >> 2] = 0
        return 0
      },
      // round: half away from zero, where Math.round goes up.
      x: (value: number) => Math.sign(value) * Math.round(Math.abs(value)),
      // Time; it is UTC here.
      k: (at: number) => {
        const now = Math.floor(this.#run.clock.nowMs() / 1000)
        if (at !== 0) this.#words[at >> 2] = now
        return now
      },
      m: (time: number, into: number) => this.#setTime(into, brokenDown(this.#words[time >> 2] ?? 0)),
      l: (time: number, into: number) => this.#setTime(into, brokenDown(this.#words[time >> 2] ?? 0)),
      n: (at: number) => {
        const seconds = epochSeconds(this.#time(at))
        return seconds >= TIME_MIN && seconds <= TIME_MAX ? seconds : -1
      },
      f: (into: number, size: number, format: number, time: number) => {
        const text = Buffer.from(`${formatTime(this.#text(format), this.#time(time))}\0`, 'latin1')
        if (text.length > size) return 0
        this.#bytes.set(text, into)
        return text.length - 1
      },
      p: (text: number, format: number, into: number) => {
        const time = this.#time(into)
        const end = parseTime(this.#text(text), this.#text(format), time)
        if (end === undefined) return 0
        this.#setTime(into, time)
        return text + end
      },
    }
  }

  #breakDown(reason: string): never {
    throw new JqBreakdown(reason)
  }

  #grow(wantedBytes: number): 0 | 1 {
    const pages = Math.ceil((wantedBytes - this.#bytes.length) / PAGE_BYTES)
    const left = MEMORY_PAGES_MAX - this.#bytes.length / PAGE_BYTES
    if (pages > left) return 0
    this.#memory.grow(Math.min(Math.max(pages, GROWTH_PAGES), left))
    this.#bytes = new Uint8Array(this.#memory.buffer)
    this.#words = new Int32Array(this.#memory.buffer)
    return 1
  }

  /**
   * readv and writev: an array of address and length, empty ones among them. Reading stops after the first part, which
   * it may: to be asked again is a sign that the program has done with what it got.
   */
  #transfer(vector: number, count: number, total: number, move: (part: Uint8Array) => number, partsMax = count): 0 {
    let moved = 0
    let parts = 0
    for (let index = 0; index < count && parts < partsMax; index++) {
      const at = this.#words[(vector >> 2) + 2 * index] ?? 0
      const length = this.#words[(vector >> 2) + 2 * index + 1] ?? 0
      if (length === 0) continue
      moved += move(this.#bytes.subarray(at, at + length))
      parts++
    }
    this.#words[total >> 2] = moved
    return 0
  }

  /** A C string, as Latin-1. */
  #text(at: number): string {
    return Buffer.from(this.#bytes.buffer, at, this.#bytes.indexOf(0, at) - at).toString('latin1')
  }

  #time(at: number): BrokenDownTime {
    const [second = 0, minute = 0, hour = 0, day = 0, month = 0, year = 0, weekDay = 0, yearDay = 0] =
      this.#words.subarray(at >> 2, (at >> 2) + 8)
    return { second, minute, hour, day, month, year, weekDay, yearDay }
  }

  /** The rest of `struct tm` (daylight saving, offset, zone) stays 0: UTC. */
  #setTime(at: number, time: BrokenDownTime): number {
    const { second, minute, hour, day, month, year, weekDay, yearDay } = time
    this.#words.set([second, minute, hour, day, month, year, weekDay, yearDay, 0, 0, 0], at >> 2)
    return at
  }
}
