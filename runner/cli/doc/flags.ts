/** The options of `drover doc` as the command line gave them. */
export interface DocFlags {
  readonly all?: boolean
  readonly format: 'text' | 'markdown' | 'json'
}
