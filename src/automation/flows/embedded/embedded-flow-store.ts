/** Triggers, workflows and their runs in SQLite, a row each. */
import type { Clock } from '../../../platform/clock.ts'
import type { MetadataDatabase } from '../../../platform/sqlite.ts'
import { type FlowStore, type FlowWriter, RUNS_KEPT_MAX, RUNS_KEPT_MS } from '../flow-store.ts'
import { isOpen, type LoneStep, type Trigger, type Workflow, type WorkflowRun } from '../flow-types.ts'
import { FLOW_COMPONENT, FLOW_MIGRATIONS } from './flow-schema.ts'

interface Body {
  readonly body: string
}

function prepareStatements(database: MetadataDatabase) {
  const one = (sql: string) => database.prepare<Body>(sql)
  return {
    trigger: one('SELECT body FROM flow_trigger WHERE name = ?'),
    triggers: one('SELECT body FROM flow_trigger ORDER BY name'),
    putTrigger: one('INSERT OR REPLACE INTO flow_trigger VALUES (?, ?)'),
    deleteTrigger: one('DELETE FROM flow_trigger WHERE name = ?'),
    workflow: one('SELECT body FROM flow_workflow WHERE name = ?'),
    workflows: one('SELECT body FROM flow_workflow ORDER BY name'),
    putWorkflow: one('INSERT OR REPLACE INTO flow_workflow VALUES (?, ?)'),
    deleteWorkflow: one('DELETE FROM flow_workflow WHERE name = ?'),
    run: one('SELECT body FROM flow_run WHERE workflow = ? AND id = ?'),
    runs: one('SELECT body FROM flow_run WHERE workflow = ? ORDER BY sequence DESC LIMIT ?'),
    runsBefore: one(`
      SELECT body FROM flow_run
      WHERE workflow = ?1 AND sequence < (SELECT sequence FROM flow_run WHERE id = ?2)
      ORDER BY sequence DESC LIMIT ?3
    `),
    openRuns: one('SELECT body FROM flow_run WHERE is_open = 1 ORDER BY sequence'),
    putRun: one(`
      INSERT INTO flow_run (workflow, id, started_at_ms, is_open, body) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET is_open = excluded.is_open, body = excluded.body
    `),
    deleteRuns: one('DELETE FROM flow_run WHERE workflow = ?'),
    deleteOldRuns: one(`
      DELETE FROM flow_run WHERE workflow = ?1 AND is_open = 0 AND (started_at_ms < ?2 OR sequence <= (
        SELECT sequence FROM flow_run WHERE workflow = ?1 ORDER BY sequence DESC LIMIT 1 OFFSET ${RUNS_KEPT_MAX}))
    `),
    loneSteps: one('SELECT body FROM flow_lone_step ORDER BY run_id'),
    putLoneStep: one('INSERT OR REPLACE INTO flow_lone_step VALUES (?, ?)'),
    deleteLoneStep: one('DELETE FROM flow_lone_step WHERE run_id = ?'),
  }
}

export class EmbeddedFlowStore implements FlowStore {
  readonly #database: MetadataDatabase
  readonly #clock: Clock
  readonly #sql: ReturnType<typeof prepareStatements>

  constructor(parts: { database: MetadataDatabase; clock: Clock }) {
    this.#database = parts.database
    this.#clock = parts.clock
    this.#database.migrate(FLOW_COMPONENT, FLOW_MIGRATIONS)
    this.#sql = prepareStatements(this.#database)
  }

  trigger(name: string): Trigger | undefined {
    return parsed<Trigger>(this.#sql.trigger.get(name))
  }

  triggers(): readonly Trigger[] {
    return this.#sql.triggers.all().map(read<Trigger>)
  }

  workflow(name: string): Workflow | undefined {
    return parsed<Workflow>(this.#sql.workflow.get(name))
  }

  workflows(): readonly Workflow[] {
    return this.#sql.workflows.all().map(read<Workflow>)
  }

  run(workflow: string, id: string): WorkflowRun | undefined {
    return parsed<WorkflowRun>(this.#sql.run.get(workflow, id))
  }

  runs(workflow: string, { before, limit }: { before?: string; limit: number }): readonly WorkflowRun[] {
    const { runs, runsBefore } = this.#sql
    return (before === undefined ? runs.all(workflow, limit) : runsBefore.all(workflow, before, limit)).map(
      read<WorkflowRun>,
    )
  }

  openRuns(): readonly WorkflowRun[] {
    return this.#sql.openRuns.all().map(read<WorkflowRun>)
  }

  loneSteps(): readonly LoneStep[] {
    return this.#sql.loneSteps.all().map(read<LoneStep>)
  }

  change<Result>(work: (writer: FlowWriter) => Result): Promise<Result> {
    return this.#database.write(() => work(this.#writer))
  }

  /** Used inside transactions alone. */
  get #writer(): FlowWriter {
    const sql = this.#sql
    return {
      trigger: (name) => this.trigger(name),
      triggers: () => this.triggers(),
      workflow: (name) => this.workflow(name),
      workflows: () => this.workflows(),
      run: (workflow, id) => this.run(workflow, id),
      runs: (workflow, page) => this.runs(workflow, page),
      openRuns: () => this.openRuns(),
      loneSteps: () => this.loneSteps(),
      putTrigger: (trigger) => void sql.putTrigger.run(trigger.name, JSON.stringify(trigger)),
      deleteTrigger: (name) => void sql.deleteTrigger.run(name),
      putWorkflow: (workflow) => void sql.putWorkflow.run(workflow.name, JSON.stringify(workflow)),
      deleteWorkflow: (name) => {
        sql.deleteRuns.run(name)
        sql.deleteWorkflow.run(name)
      },
      putRun: (run) => {
        sql.putRun.run(run.workflow, run.id, run.startedAtMs, Number(isOpen(run)), JSON.stringify(run))
        sql.deleteOldRuns.run(run.workflow, this.#clock.nowMs() - RUNS_KEPT_MS)
      },
      putLoneStep: (step) => void sql.putLoneStep.run(step.runId, JSON.stringify(step)),
      deleteLoneStep: (runId) => void sql.deleteLoneStep.run(runId),
    }
  }
}

function read<Entry>({ body }: Body): Entry {
  return JSON.parse(body) as Entry
}

function parsed<Entry>(row: Body | undefined): Entry | undefined {
  return row && read<Entry>(row)
}
