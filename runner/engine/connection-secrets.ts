import { type Scope, TemplateError } from '../template/template.ts'
import type { Redactor } from './redact.ts'

const secrets = [
  'ansible_password',
  'ansible_ssh_pass',
  'ansible_become_password',
  'ansible_become_pass',
  'ansible_sudo_pass',
]

/** Has the passwords among the connection variables hidden wherever they show; one that cannot be evaluated yet is when it can. */
export function hideSecrets(scope: Scope, redactor: Redactor): void {
  for (const variable of secrets) {
    try {
      const secret = scope.get(variable)
      if (typeof secret === 'string') redactor.add(secret)
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error
    }
  }
}
