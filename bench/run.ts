/**
 * `npm run bench [-- process firehose jq conversion s3 athena catalog console crawl size]`: measures and prints, as a table for
 * `bench/README.md`. `size` makes ten million objects first, which takes a quarter of an hour, and `crawl` one million: they
 * run only where asked for.
 *
 * `athena` takes options: `--scale-factor` of TPC-H (1), `--events-gb` of web events before gzip (1) and `--trino FOLDER`
 * of a Trino server to measure beside the lake (none). What it makes of data stays in the folder for temporary files.
 */
import { spawnSync } from 'node:child_process'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { ATHENA_DEFAULTS, type AthenaOptions } from './athena/options.ts'
import { run as athena } from './athena/run.ts'
import { run as catalog } from './catalog/run.ts'
import { run as browserConsole } from './console/run.ts'
import { run as conversion } from './conversion/run.ts'
import { run as crawl } from './crawl/run.ts'
import { run as firehose } from './firehose/run.ts'
import { run as jq } from './jq/run.ts'
import { run as processCost } from './process/run.ts'
import { run as s3 } from './s3/run.ts'
import { run as size } from './size/run.ts'
import { rowText } from './support/report.ts'

const ONLY_ASKED: readonly string[] = ['crawl', 'size']

const { positionals: asked, values: options } = parseArgs({
  allowPositionals: true,
  options: {
    'scale-factor': { type: 'string' },
    'events-gb': { type: 'string' },
    trino: { type: 'string' },
  },
})
const athenaOptions: AthenaOptions = {
  scaleFactor: Number(options['scale-factor'] ?? ATHENA_DEFAULTS.scaleFactor),
  eventsGigabytes: Number(options['events-gb'] ?? ATHENA_DEFAULTS.eventsGigabytes),
  trinoFolder: options.trino,
}
const STAGES = {
  process: processCost,
  firehose,
  jq,
  conversion,
  s3,
  athena: () => athena(athenaOptions),
  catalog,
  console: browserConsole,
  crawl,
  size,
}
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
  for await (const row of await run()) console.log(rowText(row))
  console.log()
}
process.exit(0)
