import type { LabNode } from '../lab/node.ts'

/** What an rpm package holds and does; what it holds is text, or is on the node that it is built on. */
export interface RpmPackage {
  /** `version-release`; `1-1` where unset. */
  readonly version?: string
  readonly requires?: readonly string[]
  readonly provides?: string
  /** Texts by path. */
  readonly files?: Readonly<Record<string, string>>
  /** The same, to be run. */
  readonly programs?: Readonly<Record<string, string>>
  /** Targets by path. */
  readonly links?: Readonly<Record<string, string>>
  /** Files and directories of the node that go over into the package: from then on they are there only while it is installed. */
  readonly takes?: readonly string[]
  /** Run before and after the package is installed. */
  readonly before?: string
  readonly after?: string
}

/** A unit of systemd that runs a program; `user` as whom, unless as root. */
export const unit = (run: string, user = 'root'): string => `[Unit]
Description=${run}
[Service]
User=${user}
ExecStart=${run}
[Install]
WantedBy=multi-user.target`

const writing =
  (mode: string) =>
  ([path, text]: readonly [string, string]): string =>
    `install -D -m ${mode} /dev/stdin %{buildroot}${path} <<'FILE'\n${text}\nFILE`

function specOf(name: string, given: RpmPackage): string {
  const { version = '1-1', requires = [], files = {}, programs = {}, links = {}, takes = [] } = given
  const [number, release] = version.split('-')
  return `Name: ${name}
Version: ${number}
Release: ${release}
Summary: ${name}
License: none
BuildArch: noarch
AutoReqProv: no
${requires.map((one) => `Requires: ${one}`).join('\n')}
${given.provides === undefined ? '' : `Provides: ${given.provides}`}
%description
%install
mkdir -p %{buildroot}
${takes.map((path) => `tar -cf - -C / ${path.slice(1)} | tar -xf - -C %{buildroot}`).join('\n')}
${Object.entries(files).map(writing('644')).join('\n')}
${Object.entries(programs).map(writing('755')).join('\n')}
${Object.entries(links)
  .map(([path, target]) => `mkdir -p %{buildroot}$(dirname ${path}); ln -s ${target} %{buildroot}${path}`)
  .join('\n')}
${given.before === undefined ? '' : `%pre\n${given.before}`}
${given.after === undefined ? '' : `%post\n${given.after}`}
%files
${[...[files, programs, links].flatMap((one) => Object.keys(one)), ...takes].join('\n')}`
}

/** Builds packages on a node, by their names, and makes a directory of it their repository. */
export async function buildRpms(
  node: LabNode,
  packages: Readonly<Record<string, RpmPackage>>,
  directory: string,
): Promise<void> {
  const specs = Object.entries(packages).map(([name, one]) => specOf(name, one))
  const taken = Object.values(packages).flatMap(({ takes = [] }) => takes)
  await node.sh(
    `set -e
    work=$(mktemp -d)
    # rpmbuild makes them as well, and two at once get in each other's way.
    mkdir -p $work/BUILD $work/BUILDROOT $work/RPMS $work/SOURCES $work/SPECS $work/SRPMS ${directory}/noarch
    cat >$work/specs
    csplit -s -z -f $work/spec- -b %02d.spec $work/specs '/^%%%%$/' '{*}'
    sed -i '/^%%%%$/d' $work/spec-*.spec
    # Programs of the node are taken as they are.
    ls $work/spec-*.spec | xargs -n 1 -P 2 rpmbuild -bb --quiet --define "_topdir $work" --define '_rpmdir ${directory}' \\
      --define '_binaries_in_noarch_packages_terminate_build 0' --define '__os_install_post %{nil}'
    rm -rf ${taken.join(' ')}
    createrepo_c --quiet --no-database ${directory}
    rm -r $work`,
    { input: specs.join('\n%%%%\n'), timeout: 120_000 },
  )
}

/** Builds packages on a node, and has its dnf know them; none is installed. */
export async function offerRpms(node: LabNode, packages: Readonly<Record<string, RpmPackage>>): Promise<void> {
  await node.sh(`mkdir -p /opt/rpms
    printf '[document]\\nname=document\\nbaseurl=file:///opt/rpms\\ngpgcheck=0\\n' >/etc/yum.repos.d/document.repo`)
  await buildRpms(node, packages, '/opt/rpms')
}
