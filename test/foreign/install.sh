#!/usr/bin/env bash
# Installs the foreign clients and servers of test/foreign, pinned, into a folder outside of the project. Slow ones are built by
#   test/foreign/install.sh [clients] [servers] [rclone] [peribolos]     (the first two without a word; the others take 20 minutes each)
# gh, Debian's Prometheus and its exporter come from the system's own packages; .ci/install has the rest. What is missing is said by its tests.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cache=${GROUNDCREW_FOREIGN:-${XDG_CACHE_HOME:-$HOME/.cache}/groundcrew/foreign}
export GOBIN=$cache/bin
mkdir -p "$GOBIN"

python() {
  [ -x "$cache/venv/bin/python" ] || python3 -m venv "$cache/venv"
  "$cache/venv/bin/pip" install --quiet --requirement "$here/requirements.txt"
}
packages() { # from Debian, as root; elsewhere their tests say that they are skipped
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 0
  local policy=/usr/sbin/policy-rc.d
  # Asked before a package starts its service; 101 forbids it.
  if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy"
  fi
  apt-get update -qq && apt-get install -qq --yes --no-install-recommends gh prometheus prometheus-node-exporter
}

ceph() { # from Debian, unpacked and not installed: nothing else of the system changes, and nobody need be root
  command -v apt-get >/dev/null || return 0
  local debs=$cache/debs package
  mkdir -p "$debs/partial"
  if ! apt-get install -qq --download-only --yes --no-install-recommends -o Debug::NoLocking=true -o Dir::Cache::archives="$debs" \
    radosgw ceph-mon ceph-osd; then
    printf 'There is no radosgw to unpack: its tests will be skipped.\n' >&2
    return 0
  fi
  for package in "$debs"/*.deb; do dpkg-deb --extract "$package" "$cache/ceph"; done
  rm -r "$debs"
}

[ $# -gt 0 ] || set -- clients servers
for word in "$@"; do
  case $word in
    clients)
      python
      packages
      (cd "$here/go" && go build -o "$GOBIN/go-github" ./github)
      ;;
    servers)
      python
      go install github.com/fsouza/fake-gcs-server@v1.56.1
      npm install --silent --no-save --no-audit --no-fund --ignore-scripts --prefix "$cache" s3rver@3.7.1
      ceph
      ;;
    rclone) go install github.com/rclone/rclone@v1.76.0 ;;
    peribolos) go install sigs.k8s.io/prow/cmd/peribolos@v0.0.0-20240619181241-cfb8754e0459 ;;
    *)
      printf 'There is no %s to install: clients, servers, rclone or peribolos.\n' "$word" >&2
      exit 2
      ;;
  esac
done
