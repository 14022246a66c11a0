/** What is wrong with a grok pattern, as a sentence for the user who wrote it. */
export class GrokProblem extends Error {
  constructor(problem: string) {
    super(problem)
    this.name = 'GrokProblem'
  }
}
