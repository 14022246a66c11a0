import { defineConfig } from 'vitest/config'

/** unit: no server, no child process, under two minutes. system: a real server, real clients, crashes. console: a real browser. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/{conformance,console,crash,semantics,e2e}/**'],
          // Nothing of ours lives in globals, so files share a process: a quarter of the time.
          isolate: false,
          sequence: { groupOrder: 0 },
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'system',
          globalSetup: ['test/support/build.ts'],
          include: ['test/{conformance,crash,semantics,e2e}/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          // Each file has a lake of its own; many wait for clocks or disks rather than for the processor.
          maxWorkers: 3,
          // The clients are large: read anew for each file, they took a third of the time.
          isolate: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'console',
          globalSetup: ['test/support/build.ts', 'test/console/announce.ts'],
          include: ['test/console/**/*.test.ts'],
          testTimeout: 90_000,
          hookTimeout: 60_000,
          // A browser takes a processor for itself.
          maxWorkers: 2,
          isolate: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
