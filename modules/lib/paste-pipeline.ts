/** What is wanted of a pipeline: the whole of it, filters somewhere in it, or filters that are not in it. */
export type PipelineWish =
  | { readonly kind: 'whole'; readonly filters: readonly string[] }
  | { readonly kind: 'absent'; readonly filters: readonly string[] }
  | {
      readonly kind: 'present'
      /** In this order. */
      readonly filters: readonly string[]
      /** Neighbours that they stand somewhere after, and somewhere before. */
      readonly after: string | null
      readonly before: string | null
    }

/** The filters of a pipeline's value, the application last, as paste.deploy reads it: words, on one line or several, comments left out. */
export function filtersOf(value: string): readonly string[] {
  return value
    .split('\n')
    .filter((line) => !/^\s*[#;]/.test(line))
    .flatMap((line) => line.split(/\s+/))
    .filter((word) => word !== '')
}

/**
 * The pipeline as it is wanted; a string says why it cannot be. A filter that is on the right side of its neighbours stays where it is, others
 * that are there are kept, twice where they are there twice. Where a neighbour is there more than once, any of them will do.
 */
export function editPipeline(pipeline: readonly string[], wish: PipelineWish): readonly string[] | string {
  switch (wish.kind) {
    case 'whole':
      return wish.filters
    case 'absent':
      return withoutFilters(pipeline, wish.filters)
    case 'present':
      return withFilters(pipeline, wish)
  }
}

function withoutFilters(pipeline: readonly string[], filters: readonly string[]): readonly string[] | string {
  const app = pipeline.at(-1)
  if (app !== undefined && filters.includes(app) && pipeline.indexOf(app) === pipeline.length - 1)
    return `${app} is what the pipeline ends in, the application: without it there is no pipeline`
  return pipeline.filter((filter) => !filters.includes(filter))
}

function withFilters(
  pipeline: readonly string[],
  { filters, after, before }: Extract<PipelineWish, { kind: 'present' }>,
): readonly string[] | string {
  const lacking = [after, before].filter((name) => name !== null).find((name) => !pipeline.includes(name))
  if (lacking !== undefined) return `${lacking} is not in the pipeline: ${pipeline.join(' ')}`
  if (isSettled(pipeline, filters, after, before)) return pipeline
  // Of one that is there several times on the wrong side, the last moves.
  const kept = filters.reduce((rest, filter) => {
    const at = rest.lastIndexOf(filter)
    return at < 0 ? rest : rest.toSpliced(at, 1)
  }, pipeline)
  const [low, high] = bounds(kept, after, before)
  if (high < low)
    return `nothing can be after ${after ?? 'the start'} and before ${before ?? 'the application'}: ${pipeline.join(' ')}`
  return kept.toSpliced(after === null ? high : low, 0, ...filters)
}

/** Whether each filter is there, in their order, between the neighbours. */
function isSettled(
  pipeline: readonly string[],
  filters: readonly string[],
  after: string | null,
  before: string | null,
): boolean {
  const [low, high] = bounds(pipeline, after, before)
  let from = low
  for (const filter of filters) {
    const at = pipeline.indexOf(filter, from)
    if (at < 0 || at >= high) return false
    from = at + 1
  }
  return true
}

/** The first place after one neighbour, and the last one before the other; the application is always last. */
function bounds(pipeline: readonly string[], after: string | null, before: string | null): readonly [number, number] {
  const low = after === null ? 0 : pipeline.indexOf(after) + 1
  const high = before === null ? pipeline.length - 1 : pipeline.lastIndexOf(before)
  return [low, high]
}

/**
 * The names in a pipeline that no section of the file says anything of: the service would not start. Names with a scheme (`egg:swift#slo`) need
 * none. https://docs.pylonsproject.org/projects/pastedeploy/en/latest/, "The Config File"
 */
export function withoutSection(pipeline: readonly string[], sections: readonly string[]): readonly string[] {
  const known = (kinds: readonly string[], name: string): boolean =>
    sections.some((section) => {
      const at = section.indexOf(':')
      return at >= 0 && kinds.includes(section.slice(0, at).trim()) && section.slice(at + 1).trim() === name
    })
  return pipeline.filter((name, index) => {
    if (name.includes(':')) return false
    const isApp = index === pipeline.length - 1
    return !known(isApp ? ['app', 'application', 'composite', 'composit', 'pipeline', 'filter-app'] : ['filter'], name)
  })
}
