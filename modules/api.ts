/** What a module of a user's own imports from `drover`. */
export { account, group, type Account } from './facts/account.ts'
export { checksum } from './facts/checksum.ts'
export { content } from './facts/content.ts'
export { creator, type Creator } from './facts/creator.ts'
export { hostFacts } from './facts/host-facts.ts'
export { hostName } from './facts/host-name.ts'
export { kernelParameter } from './facts/kernel-parameter.ts'
export { mounts, type Mount } from './facts/mounts.ts'
export { packageManager } from './facts/package-manager.ts'
export { serviceManager } from './facts/service-manager.ts'
export { stat, type FileStat } from './facts/stat.ts'
export { unit, type Unit } from './facts/unit.ts'
export { commandLine, quote } from './lib/quote.ts'
export { readFile, replaceFile, type FileBefore, type Replacement } from './lib/replace-file.ts'
export { defineFact, UnreadableFact, type Fact, type FactDefinition } from './fact.ts'
export {
  defineModule,
  outputText,
  propose,
  refuse,
  UnknownFact,
  type Controller,
  type Example,
  type HostState,
  type Infer,
  type Json,
  type JsonObject,
  type Module,
  type ModuleDefinition,
  type Plan,
} from './module.ts'
export {
  anything,
  attributeChanges,
  becomes,
  beneath,
  run,
  stale,
  type Action,
  type ActionResult,
  type Change,
  type Effect,
  type Step,
} from './step.ts'
