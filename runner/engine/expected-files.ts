/** Files that hosts would have sent to the controller, had it been no check: what they hold, nobody knows. Whole paths. */
export class ExpectedFiles {
  readonly #paths = new Set<string>()

  add(path: string): void {
    this.#paths.add(path)
  }

  /** It came after all. */
  delete(path: string): void {
    this.#paths.delete(path)
  }

  /** Whether the path is that of such a file, or of a directory that it would be in. */
  has(path: string): boolean {
    const below = path.endsWith('/') ? path : `${path}/`
    return this.#paths.has(path) || [...this.#paths].some((one) => one.startsWith(below))
  }
}
