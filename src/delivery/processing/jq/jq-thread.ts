/**
 * Entry of a jq thread. One run of jq goes through record after record of one query, because starting one costs as much
 * as 700 records; it ends when the next order is for another query.
 */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { systemClock } from '../../../platform/clock.ts'
import { jqFailure } from './extraction.ts'
import { extractionProgram, jqArguments } from './extraction-program.ts'
import { compiledJq, JqBreakdown, jqProgram } from './jq-machine.ts'
import {
  type CheckOrder,
  type ExtractOrder,
  phases,
  shared,
  type ThreadData,
  type ToThread,
} from './jq-thread-protocol.ts'
import { type Desk, RecordFeed, TooManyResults } from './record-feed.ts'

const port = parentPort
if (port === null) throw new Error('jq-thread.ts is the entry of a worker thread.')
const { words, module = compiledJq() } = workerData as ThreadData

const desk: Desk = {
  nextOrder() {
    for (;;) {
      const seen = Atomics.load(words, shared.orders)
      const received = receiveMessageOnPort(port)
      if (received !== undefined) return received.message as ToThread
      Atomics.wait(words, shared.orders, seen)
    }
  },
  answer: (message) => port.postMessage(message),
  enter(phase) {
    Atomics.store(words, shared.phase, phase)
    Atomics.add(words, shared.steps, 1)
  },
  tell(record) {
    Atomics.store(words, shared.record, record)
    Atomics.add(words, shared.steps, 1)
  },
}

const jq = jqProgram(module)
// A thread that starts later need not compile it again, and has it as the optimiser has left it.
desk.answer({ kind: 'ready', module })
for (let order = desk.nextOrder(); ; ) order = order.kind === 'check' ? check(order) : extract(order)

function check({ order, query }: CheckOrder): ToThread {
  // By itself first: so it sees no names of ours, and what jq says is about nothing but the query.
  const complaint = compilationError(query) ?? compilationError(extractionProgram(query))
  desk.answer({ kind: 'checked', order, complaint })
  return desk.nextOrder()
}

function compilationError(program: string): string | undefined {
  desk.enter(phases.compiling)
  const errors: Buffer[] = []
  const streams = {
    read: () => 0,
    write: () => undefined,
    writeError: (bytes: Uint8Array) => errors.push(Buffer.from(bytes)),
  }
  try {
    const status = jq.run({ args: jqArguments(program), clock: systemClock, streams })
    return status === 0 ? undefined : Buffer.concat(errors).toString()
  } catch (error) {
    if (error instanceof JqBreakdown) return `jq: error: ${error.message}`
    throw error
  }
}

/** Runs jq until an order comes that is not for it. */
function extract(first: ExtractOrder): ToThread {
  const feed = new RecordFeed(desk, first)
  for (;;) {
    desk.enter(phases.compiling)
    const recordsBefore = feed.recordsDone
    try {
      jq.run({
        args: jqArguments(extractionProgram(first.query)),
        clock: systemClock,
        streams: {
          read: (into) => feed.read(into),
          write: (bytes) => feed.write(bytes),
          writeError: (bytes) => feed.writeError(bytes),
        },
      })
      if (feed.next !== undefined) return feed.next
      // jq ended by itself: it cannot compile the query, or not read the record.
      if (!feed.hasBegun) return feed.giveUp(jqFailure(feed.complaint))
      feed.fail()
    } catch (error) {
      if (error instanceof TooManyResults) feed.fail()
      else if (!(error instanceof JqBreakdown)) throw error
      // Whether it was this record or the burden of those before it shows when it comes first.
      else if (feed.recordsDone === recordsBefore) feed.fail(feed.complaint || `jq: error: ${error.message}`)
    }
    feed.restart()
  }
}
