#!/bin/sh
# pip, and what makes virtual environments.
set -eu
apt-get -qq update
apt-get -qq --yes -o APT::Keep-Downloaded-Packages=true install --no-install-recommends python3-pip python3-venv
