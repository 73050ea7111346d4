#!/bin/sh
# OpenStack's object storage, all of its services on one node; none starts before it is told to.
set -eu
apt-get -qq update
apt-get -qq --yes -o APT::Keep-Downloaded-Packages=true install --no-install-recommends \
	swift-proxy swift-account swift-container swift-object python3-keystonemiddleware memcached
systemctl --quiet disable swift-proxy.service swift-account.service swift-container.service swift-object.service memcached.service
