#!/usr/bin/env bash
# Builds the Kubernetes control plane that the tests start: etcd, kube-apiserver, kube-controller-manager and
# kube-scheduler, once, into the folder $1 (else $OPSROOM_KUBERNETES, else the user's cache). It compiles the source
# package of Debian 12 (Kubernetes 1.20) with that Debian's own Go 1.19; both are unpacked in a working folder and never
# installed. About 4 minutes on 2 cores, 1.4 GB of memory, 6 GB of disk meanwhile. Rights of root are needed only where
# one of the programs named below is missing.
set -euo pipefail

folder=${1:-${OPSROOM_KUBERNETES:-${XDG_CACHE_HOME:-$HOME/.cache}/opsroom/kubernetes}}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
programs=(kube-apiserver kube-controller-manager kube-scheduler)

complete() { for name in etcd "${programs[@]}"; do [ -x "$folder/$name" ] || return 1; done; }
exec 9>"$folder/.lock"
flock 9 # a second build waits for the first, and then finds its work done
if complete; then
  echo "The control plane is in $folder."
  exit 0
fi

. /etc/os-release
if [ "${VERSION_CODENAME:-}" != bookworm ]; then
  echo "The control plane is built from Debian 12 (bookworm); this is ${PRETTY_NAME:-another system}." >&2
  echo "Build it in a container of Debian 12 and copy the folder here, or let the tests run on the sandbox alone." >&2
  exit 1
fi

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
wanted=()
while read -r program package; do command -v "$program" >/dev/null || wanted+=("$package"); done <<'TOOLS'
dpkg-source dpkg-dev
rsync rsync
jq jq
make make
openssl openssl
TOOLS
if [ "${#wanted[@]}" -gt 0 ]; then
  as_root apt-get -q -o DPkg::Lock::Timeout=300 update
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qy -o DPkg::Lock::Timeout=300 install --no-install-recommends "${wanted[@]}"
fi

work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
mkdir -p "$work"/{sources,lists/partial,archives/partial,packages,root,source,home}

# The machine's own archives, their sources too, in lists of our own: the machine's stay as they are.
for file in /etc/apt/sources.list.d/*.sources; do
  [ -f "$file" ] && sed -E 's/^Types:.*/Types: deb deb-src/' "$file" >"$work/sources/${file##*/}"
done
for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
  [ -f "$file" ] && sed -E -n 's/^deb (.*)/deb \1\ndeb-src \1/p' "$file" >"$work/sources/${file##*/}"
done
apt=(apt-get -q -o "Dir::Etc::sourceparts=$work/sources" -o Dir::Etc::sourcelist=/dev/null
  -o "Dir::State::lists=$work/lists" -o "Dir::Cache=$work" -o APT::Sandbox::User=root)
"${apt[@]}" update
(cd "$work/packages" && "${apt[@]}" download golang-1.19-go golang-1.19-src etcd-server)
(cd "$work/source" && "${apt[@]}" source kubernetes)
for package in "$work"/packages/*.deb; do dpkg-deb -x "$package" "$work/root"; done

cd "$work"/source/kubernetes-*/
mkdir -p .go/src/k8s.io
ln -sfn ../../.. .go/src/k8s.io/kubernetes
go=$work/root/usr/lib/go-1.19
env PATH="$go/bin:$PATH" GOROOT="$go" GOPATH="$PWD/.go" GOCACHE="$work/compiled" GOFLAGS= HOME="$work/home" \
  CGO_ENABLED=0 make WHAT="$(printf 'cmd/%s ' "${programs[@]}")"

# The last to arrive is what `complete` would miss: nothing half copied is taken for a program.
for name in etcd "${programs[@]}"; do
  built=_output/local/go/bin/$name
  [ "$name" = etcd ] && built=$work/root/usr/bin/etcd
  install -m 755 "$built" "$folder/.$name"
  mv "$folder/.$name" "$folder/$name"
done
echo "The control plane is in $folder."
