/**
 * `npm run bench [-- process firehose jq conversion s3 athena catalog crawl size]`: measures and prints, as a table for
 * `bench/README.md`. `size` makes ten million objects first, which takes a quarter of an hour, and `crawl` one million: they
 * run only where asked for.
 */
import { spawnSync } from 'node:child_process'
import { cpus } from 'node:os'
import { run as athena } from './athena/run.ts'
import { run as catalog } from './catalog/run.ts'
import { run as conversion } from './conversion/run.ts'
import { run as crawl } from './crawl/run.ts'
import { run as firehose } from './firehose/run.ts'
import { run as jq } from './jq/run.ts'
import { run as processCost } from './process/run.ts'
import { run as s3 } from './s3/run.ts'
import { run as size } from './size/run.ts'
import { rowText } from './support/report.ts'

const STAGES = { process: processCost, firehose, jq, conversion, s3, athena, catalog, crawl, size }
const ONLY_ASKED: readonly string[] = ['crawl', 'size']

const asked = process.argv.slice(2)
const unknown = asked.find((name) => !Object.hasOwn(STAGES, name))
if (unknown !== undefined) {
  console.error(`There is no benchmark ${unknown}; there are ${Object.keys(STAGES).join(', ')}.`)
  process.exit(2)
}

const built = spawnSync('npm', ['run', '-s', 'build'], { stdio: 'inherit' })
if (built.status !== 0) process.exit(1)

console.log(
  `Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, server and client on one machine\n`,
)
for (const [name, run] of Object.entries(STAGES)) {
  if (asked.length > 0 ? !asked.includes(name) : ONLY_ASKED.includes(name)) continue
  console.log(`### ${name}\n\n| what | figure | remark |\n|---|---|---|`)
  for (const row of await run()) console.log(rowText(row))
  console.log()
}
process.exit(0)
