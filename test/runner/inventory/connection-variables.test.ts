import { describe, expect, it } from 'vitest'
import {
  becomeOf,
  endpointOf,
  type BecomeDefaults,
  type ConnectionDefaults,
} from '../../../runner/inventory/connection-variables.ts'

type Vars = Readonly<Record<string, unknown>>
const from = (vars: Vars) => (name: string) => vars[name]
const ssh = { kind: 'ssh', host: 'h', connectTimeout: 10_000 }

describe('endpointOf', () => {
  it.each<[Vars, ConnectionDefaults, object]>([
    [{}, {}, ssh],
    [
      { ansible_host: '10.0.0.1', ansible_port: '2222', ansible_user: 'u' },
      { user: 'd', port: 1 },
      { ...ssh, host: '10.0.0.1', port: 2222, user: 'u' },
    ],
    [
      {
        ansible_ssh_host: 'x',
        ansible_ssh_port: 22,
        ansible_ssh_user: 'u',
        ansible_ssh_pass: 'p',
        ansible_ssh_private_key_file: '~/k',
      },
      {},
      { ...ssh, host: 'x', port: 22, user: 'u', password: 'p', privateKeyFile: '~/k' },
    ],
    [
      { ansible_user: '' },
      { user: 'd', password: 'p', connectTimeout: 5 },
      { ...ssh, user: 'd', password: 'p', connectTimeout: 5 },
    ],
    [
      { ansible_ssh_common_args: `-o "ProxyCommand=ssh -W %h:%p j"`, ansible_ssh_extra_args: '-4' },
      { sshArgs: ['-6'] },
      { ...ssh, sshArgs: ['-o', 'ProxyCommand=ssh -W %h:%p j', '-4'] },
    ],
    [{}, { sshArgs: ['-6'] }, { ...ssh, sshArgs: ['-6'] }],
    [{ ansible_host_key_checking: false }, { hostKeyChecking: 'yes' }, { ...ssh, hostKeyChecking: 'no' }],
    [{ ansible_ssh_host_key_checking: 'accept-new' }, {}, { ...ssh, hostKeyChecking: 'accept-new' }],
    [{ ansible_ssh_timeout: 3 }, { connectTimeout: 9000 }, { ...ssh, connectTimeout: 3000 }],
    [{ ansible_connection: 'paramiko' }, { connection: 'local' }, ssh],
    [{ ansible_connection: 'ansible.builtin.ssh' }, {}, ssh],
    [{}, { connection: 'smart' }, ssh],
    [{ ansible_connection: 'local' }, {}, { kind: 'local' }],
    [{ ansible_connection: 'embedded' }, {}, { kind: 'embedded' }],
  ])('%j over %j', (vars, defaults, endpoint) => {
    expect(endpointOf('h', from(vars), defaults)).toEqual(endpoint)
  })

  it.each<[Vars, string]>([
    [
      { ansible_connection: 'winrm' },
      'ansible_connection of host "h": "winrm" is not known: use ssh, local or embedded',
    ],
    [{ ansible_ssh_port: 'x' }, 'ansible_ssh_port of host "h": "x" is not a whole number from 1 to 65535'],
    [{ ansible_port: 70000 }, 'ansible_port of host "h": 70000 is not a whole number from 1 to 65535'],
    [{ ansible_host: ['a'] }, 'ansible_host of host "h": is not a text'],
    [
      { ansible_host_key_checking: 'maybe' },
      'ansible_host_key_checking of host "h": "maybe" is neither true nor false',
    ],
    [{ ansible_ssh_extra_args: `-o 'x` }, `ansible_ssh_extra_args of host "h": this quote is not closed: 'x`],
  ])('refuses %j', (vars, message) => {
    expect(() => endpointOf('h', from(vars))).toThrow(message)
  })
})

describe('becomeOf', () => {
  const root = { kind: 'become', method: 'sudo', user: 'root' }
  it.each<[Vars, BecomeDefaults, object | undefined]>([
    [{}, {}, undefined],
    [{ ansible_become_user: 'x' }, {}, undefined],
    [{}, { become: true }, root],
    [{ ansible_become: 'no' }, { become: true }, undefined],
    [
      { ansible_become: true, ansible_become_user: 'db', ansible_become_pass: 's' },
      { user: 'x', password: 'y' },
      { ...root, user: 'db', password: 's' },
    ],
    [
      { ansible_become: true, ansible_sudo_pass: 's', ansible_sudo_flags: '-H -E' },
      {},
      { ...root, password: 's', flags: ['-H', '-E'] },
    ],
    [
      { ansible_become: true, ansible_become_method: 'su', ansible_sudo_pass: 'no', ansible_su_pass: 'p' },
      {},
      { ...root, method: 'su', password: 'p' },
    ],
    [{ ansible_become: true }, { method: 'su', flags: '-l' }, { ...root, method: 'su', flags: ['-l'] }],
  ])('%j over %j', (vars, defaults, become) => {
    expect(becomeOf('h', from(vars), defaults)).toEqual(become)
  })

  it('refuses a method that is not known', () => {
    expect(() => becomeOf('h', from({ ansible_become: true, ansible_become_method: 'doas' }))).toThrow(
      'ansible_become_method of host "h": "doas" is not known: use sudo or su',
    )
  })
})
