type Ask = (prompt: string, hidden: boolean) => Promise<string | undefined>

/** `--step`: asks before each task of a play whether to run it, until the answer is to go on with all. One question at a time. */
export class Stepping {
  readonly #ask: Ask
  #all = false
  #turn: Promise<boolean> = Promise.resolve(true)

  constructor(ask: Ask) {
    this.#ask = ask
  }

  /** Whether a task is to run: yes, no (also where nobody answers), or continue without further questions. */
  confirm(task: string): Promise<boolean> {
    this.#turn = this.#turn.then(() => this.#question(task))
    return this.#turn
  }

  async #question(task: string): Promise<boolean> {
    if (this.#all) return true
    const answer = (await this.#ask(`Perform task: ${task} (N)o/(y)es/(c)ontinue`, false)) ?? 'no'
    this.#all = /^c/i.test(answer.trim())
    return this.#all || /^y/i.test(answer.trim())
  }
}
