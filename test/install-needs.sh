#!/bin/sh
# Installs what the tests need on Debian, as root; elsewhere the tests on lab hosts are skipped, which CI does not accept.
set -eu

packages='systemd-container debootstrap xfsprogs e2fsprogs parted util-linux iproute2 procps
	openssh-client openssh-server sudo fish zsh busybox attr acl openssl ansible ansible-core python3-jinja2 qemu-system-x86'

skip() {
	echo "install-needs: $1; the tests on lab hosts will be skipped" >&2
	[ -z "${CI:-}" ] || exit 1
	exit 0
}
[ "$(id -u)" = 0 ] || skip 'not root'
[ -e /etc/debian_version ] || skip 'not Debian'

absent=
for package in $packages; do
	[ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || :)" = installed ] || absent="$absent $package"
done
[ -n "$absent" ] || exit 0

# An installed service, such as sshd, is not to be started.
policy=/usr/sbin/policy-rc.d
restore() {
	rm -f "$policy"
	[ ! -e "$policy.drover" ] || mv "$policy.drover" "$policy"
}
[ -e "$policy.drover" ] || [ ! -e "$policy" ] || mv "$policy" "$policy.drover"
trap restore EXIT
trap 'exit 1' HUP INT TERM
printf '#!/bin/sh\nexit 101\n' >"$policy"
chmod 755 "$policy"

echo "install-needs: installing$absent" >&2
install() { DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends $absent >/dev/null; }
install 2>/dev/null || { apt-get update -qq && install; }
