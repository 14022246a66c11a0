/** What EXPLAIN tells of a query, whichever engine runs it: a tree of operators, with figures when the query was run. */

export interface PlanNode {
  /** Trino's name of the operator where it has one: `TableScan`, `Filter`, `InnerJoin`, `Aggregate`, `TopN`, …. */
  readonly name: string
  /** `table` → `awsdatacatalog:web:events`; in the order in which they are shown. */
  readonly descriptor: Readonly<Record<string, string>>
  /** More about the operator, a line each. */
  readonly details: readonly string[]
  /** How many rows the planner expects of it. */
  readonly estimatedRows?: number
  /** Of a query that was run. */
  readonly figures?: PlanNodeFigures
  readonly children: readonly PlanNode[]
}

export interface PlanNodeFigures {
  /** Processor time of the operator without its children's. */
  readonly cpuMs: number
  readonly outputRows: number
}

export interface QueryPlan {
  readonly root: PlanNode
  /** Of a query that was run. */
  readonly figures?: {
    readonly planningMs: number
    readonly executionMs: number
    readonly cpuMs: number
    readonly peakMemoryBytes: number
    /** As `EngineAnswer.bytesScanned`. */
    readonly bytesScanned: number
  }
}
