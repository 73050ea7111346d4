import type { JsonObject } from '../../../schema/infer.ts'

/** What the clouds of each source have said, by the absolute path of the source. */
export type CloudAnswers = ReadonlyMap<string, SourceAnswer>
/** The clouds of a source in the order of their names there; a string says why none could be asked. */
export type SourceAnswer = readonly CloudAnswer[] | string

/** The servers of a cloud in one region, or why they are not known, for people. */
export type CloudAnswer = CloudServers | { readonly kind: 'unknown'; readonly cloud: string; readonly message: string }
export interface CloudServers {
  readonly kind: 'known'
  /** Its name in clouds.yaml. */
  readonly cloud: string
  /** That of the endpoint which answered; empty where the catalogue names none. */
  readonly region: string
  /** As Nova tells them: https://docs.openstack.org/api-ref/compute/, `GET /servers/detail`. */
  readonly servers: readonly JsonObject[]
  /** Names by ids; empty where nobody asked. */
  readonly flavors: ReadonlyMap<string, string>
  readonly images: ReadonlyMap<string, string>
}
