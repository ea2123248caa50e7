#!/usr/bin/env bash
# Installs the system packages that the build and the tests need, and those named as arguments, on Debian and its kin. Does nothing
# when all are there.
set -euo pipefail
packages=(libzstd-dev libsqlite3-dev zlib1g-dev libbz2-dev liblzma-dev liblz4-dev libarchive-dev libcmark-gfm-dev libcmark-gfm-extensions-dev pkg-config git git-lfs zstd curl python3-venv "$@")
command -v dpkg-query >/dev/null || exit 0
missing=()
for package in "${packages[@]}"; do
    status=$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || true)
    [[ $status == *"install ok installed"* ]] || missing+=("$package")
done
[[ ${#missing[@]} -eq 0 ]] && exit 0
sudo=""
[[ $(id -u) -eq 0 ]] || sudo="sudo"
echo "installing ${missing[*]}"
$sudo apt-get update -qq
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq "${missing[@]}" >/dev/null
