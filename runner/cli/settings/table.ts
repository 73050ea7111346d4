/** What a setting's text is turned into. */
export interface Kinds {
  text: string
  /** A file; a relative one is beside the configuration file that names it, or below the working directory. */
  path: string
  /** Files and directories with `:` between them. */
  paths: readonly string[]
  /** Inventory sources with commas between them; a list of hosts, which ends in a comma, is one source. */
  sources: readonly string[]
  /** Texts with commas between them. */
  list: readonly string[]
  /** Options for ssh as a shell would split them. */
  words: readonly string[]
  /** A whole number from 0 on. */
  whole: number
  yes: boolean
}

interface Setting {
  readonly kind: keyof Kinds
  /** Sections and keys of `ansible.cfg`, the first that is there. */
  readonly keys: readonly `${string}.${string}`[]
  /** Names after `ANSIBLE_` and `DROVER_`, the first that is set. */
  readonly variables: readonly string[]
}

/** The settings that drover honours, under Ansible's names (https://docs.ansible.com/ansible/latest/reference_appendices/config.html). */
export const table = {
  inventory: { kind: 'sources', keys: ['defaults.inventory'], variables: ['INVENTORY'] },
  rolesPath: { kind: 'paths', keys: ['defaults.roles_path'], variables: ['ROLES_PATH'] },
  library: { kind: 'paths', keys: ['defaults.library'], variables: ['LIBRARY'] },
  forks: { kind: 'whole', keys: ['defaults.forks'], variables: ['FORKS'] },
  verbosity: { kind: 'whole', keys: ['defaults.verbosity'], variables: ['VERBOSITY'] },
  timeout: {
    kind: 'whole',
    keys: ['ssh_connection.timeout', 'defaults.timeout'],
    variables: ['SSH_TIMEOUT', 'TIMEOUT'],
  },
  connection: { kind: 'text', keys: ['defaults.transport'], variables: ['TRANSPORT'] },
  remoteUser: { kind: 'text', keys: ['defaults.remote_user'], variables: ['REMOTE_USER'] },
  remotePort: { kind: 'whole', keys: ['defaults.remote_port'], variables: ['REMOTE_PORT'] },
  privateKeyFile: { kind: 'path', keys: ['defaults.private_key_file'], variables: ['PRIVATE_KEY_FILE'] },
  hostKeyChecking: {
    kind: 'yes',
    keys: ['ssh_connection.host_key_checking', 'defaults.host_key_checking'],
    variables: ['SSH_HOST_KEY_CHECKING', 'HOST_KEY_CHECKING'],
  },
  sshArgs: { kind: 'words', keys: ['ssh_connection.ssh_args'], variables: ['SSH_ARGS'] },
  sshCommonArgs: { kind: 'words', keys: ['ssh_connection.ssh_common_args'], variables: ['SSH_COMMON_ARGS'] },
  sshExtraArgs: { kind: 'words', keys: ['ssh_connection.ssh_extra_args'], variables: ['SSH_EXTRA_ARGS'] },
  askPass: { kind: 'yes', keys: ['defaults.ask_pass'], variables: ['ASK_PASS'] },
  connectionPasswordFile: {
    kind: 'path',
    keys: ['defaults.connection_password_file'],
    variables: ['CONNECTION_PASSWORD_FILE'],
  },
  become: { kind: 'yes', keys: ['privilege_escalation.become'], variables: ['BECOME'] },
  becomeUser: { kind: 'text', keys: ['privilege_escalation.become_user'], variables: ['BECOME_USER'] },
  becomeMethod: { kind: 'text', keys: ['privilege_escalation.become_method'], variables: ['BECOME_METHOD'] },
  becomeFlags: { kind: 'text', keys: ['privilege_escalation.become_flags'], variables: ['BECOME_FLAGS'] },
  becomeAskPass: { kind: 'yes', keys: ['privilege_escalation.become_ask_pass'], variables: ['BECOME_ASK_PASS'] },
  becomePasswordFile: { kind: 'path', keys: ['defaults.become_password_file'], variables: ['BECOME_PASSWORD_FILE'] },
  askVaultPass: { kind: 'yes', keys: ['defaults.ask_vault_pass'], variables: ['ASK_VAULT_PASS'] },
  vaultPasswordFile: { kind: 'path', keys: ['defaults.vault_password_file'], variables: ['VAULT_PASSWORD_FILE'] },
  vaultIdentityList: { kind: 'list', keys: ['defaults.vault_identity_list'], variables: ['VAULT_IDENTITY_LIST'] },
  vaultEncryptIdentity: {
    kind: 'text',
    keys: ['defaults.vault_encrypt_identity'],
    variables: ['VAULT_ENCRYPT_IDENTITY'],
  },
  forceHandlers: { kind: 'yes', keys: ['defaults.force_handlers'], variables: ['FORCE_HANDLERS'] },
  diffAlways: { kind: 'yes', keys: ['diff.always'], variables: ['DIFF_ALWAYS'] },
  runTags: { kind: 'list', keys: ['tags.run'], variables: ['RUN_TAGS'] },
  skipTags: { kind: 'list', keys: ['tags.skip'], variables: ['SKIP_TAGS'] },
} as const satisfies Readonly<Record<string, Setting>>

export type SettingName = keyof typeof table

/** The settings that are set somewhere. */
export type Settings = { readonly [K in SettingName]?: Kinds[(typeof table)[K]['kind']] }
