import { type Command, Option } from 'commander'

/** Adds the options that say how hosts are reached and as whom: those of ansible-playbook, with the same meaning. */
export function addConnectionOptions(command: Command): Command {
  return command
    .option('-u, --user <name>', 'log in as this user')
    .addOption(new Option('-k, --ask-pass', 'ask for the password to log in with').conflicts('connectionPasswordFile'))
    .option('--connection-password-file <file>', 'a file with the password to log in with, or a script that prints it')
    .option('--private-key <file>', 'log in with this key')
    .option('-c, --connection <kind>', 'ssh, local or embedded')
    .option('-T, --timeout <seconds>', 'time to connect (default: 10)')
    .option('--ssh-common-args <args>', 'options for ssh, as ssh takes them')
    .option('--ssh-extra-args <args>', 'more of them')
    .addOption(new Option('--scp-extra-args <args>', 'accepted: scp is not used').hideHelp())
    .addOption(new Option('--sftp-extra-args <args>', 'accepted: sftp is not used').hideHelp())
    .option('-b, --become', 'run tasks as another user')
    .option('--become-user <name>', 'the user to become (default: root)')
    .option('--become-method <method>', 'sudo or su (default: sudo)')
    .addOption(
      new Option('-K, --ask-become-pass', 'ask for the password to become the other user with').conflicts(
        'becomePasswordFile',
      ),
    )
    .option('--become-password-file <file>', 'a file with that password, or a script that prints it')
}
