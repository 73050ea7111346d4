/** The options of `drover doc` as the command line gave them. */
export interface DocFlags {
  readonly all?: boolean
  readonly modulePath: readonly string[]
  readonly format: 'text' | 'markdown' | 'json'
}
