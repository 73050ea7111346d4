import type { YamlNode } from './node.ts'
import type { Vault } from './vault.ts'

/** Keywords and arguments whose values are secret in an encrypted file of plays or tasks; what else stands there is how things are done. */
const secretKeys = /^(?:vars|environment|content)$|pass|secret|token|credential|private|key$/i

/** Tells a vault of the secrets in an encrypted file of plays or tasks: the values of variables, and of what is named like a secret. */
export function keepSecrets(node: YamlNode, vault: Vault): void {
  switch (node.kind) {
    case 'scalar':
      return
    case 'list':
      for (const item of node.items) keepSecrets(item, vault)
      return
    case 'map':
      for (const { name, value } of node.entries) {
        if (secretKeys.test(name)) keepValues(value.value, vault)
        else keepSecrets(value, vault)
      }
  }
}

/** Tells a vault that all texts and long numbers in a value are secret. A template is none: what it gives may be, where it comes from. */
export function keepValues(value: unknown, vault: Vault): void {
  if (typeof value === 'string') {
    if (!/\{[{%#]/.test(value)) vault.keep(value)
  } else if (typeof value === 'number') {
    if (String(value).length >= 4) vault.keep(String(value))
  } else if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) keepValues(inner, vault)
  }
}
