#!/usr/bin/env bash
# Runs a command with a container engine, on a Debian machine that has no engine and cannot reach an
# image registry:
#
#     cargo test -p onward-pg --features docker --no-run
#     pg/docker-engine.sh cargo test --offline -p onward-pg --features docker docker
#
# The engine lives in a network namespace of its own, so it touches neither the machine's firewall
# nor its network. The command runs in the same namespace, so it has no network. The image
# postgres:NN is built from the PostgreSQL that is installed here. Its entrypoint does the part of the
# official one's work that the tests need. Everything is removed at the end.
set -euo pipefail

[ "$#" -gt 0 ] || { echo "usage: $0 COMMAND [ARGUMENT...]" >&2; exit 2; }
[ "$(id -u)" = 0 ] || { echo "$0: run this as root: a container engine needs it" >&2; exit 2; }
command -v pg_config >/dev/null || { echo "$0: PostgreSQL is not installed, so no image can be built from it: apt-get install postgresql" >&2; exit 2; }

work=$(mktemp -d /var/tmp/onward-engine.XXXXXX)
space=onward-engine-$$
socket=$work/docker.sock
engine=

clean_up() {
    if [ -n "$engine" ]; then
        docker -H "unix://$socket" ps -aq 2>/dev/null |
            xargs -r docker -H "unix://$socket" rm -fv >/dev/null 2>&1 || true
        kill "$engine" 2>/dev/null || true
        wait "$engine" 2>/dev/null || true
    fi
    awk -v work="$work" 'index($2, work) == 1 { print $2 }' /proc/mounts | sort -r |
        xargs -r umount 2>/dev/null || true
    ip netns delete "$space" 2>/dev/null || true
    rm -rf "$work"
}
trap clean_up EXIT

if ! { command -v dockerd && command -v docker && command -v iptables && command -v ip; } >/dev/null
then
    apt-get update -qq >&2
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        docker.io iptables iproute2 >&2
fi

# `ip netns exec` would hide the control groups that the engine needs.
inside() { nsenter --net="/var/run/netns/$space" "$@"; }

ip netns add "$space"
inside ip link set lo up
nsenter --net="/var/run/netns/$space" dockerd --data-root="$work/data" --exec-root="$work/exec" \
    --pidfile="$work/pid" --host="unix://$socket" >"$work/log" 2>&1 &
engine=$!
export DOCKER_HOST=unix://$socket
for _ in $(seq 300); do
    docker version >/dev/null 2>&1 && break
    kill -0 "$engine" 2>/dev/null || break
    sleep 0.1
done
docker version >/dev/null 2>&1 || { tail -n 20 "$work/log" >&2; exit 1; }

# The image: PostgreSQL, a shell with the usual programs, and every library that these are linked to.
bin=$(pg_config --bindir)
major=$("$bin/postgres" --version | sed 's/.*(PostgreSQL) \([0-9]*\).*/\1/')
root=$work/root
mkdir -p "$root"/{tmp,etc,var/lib/postgresql/data}
chmod 1777 "$root/tmp"
ln -s usr/bin "$root/bin"
echo 'root:x:0:0::/:/bin/bash
postgres:x:999:999::/var/lib/postgresql:/bin/bash' >"$root/etc/passwd"
echo 'postgres:x:999:' >"$root/etc/group"

programs=()
for name in bash cat chmod chown env id mkdir rm setpriv sleep; do
    programs+=("$(realpath --no-symlinks "$(command -v "$name" | sed 's|^/bin/|/usr/bin/|')")")
done
libraries=$(pg_config --pkglibdir)
mapfile -t modules < <(find "$libraries" -maxdepth 1 -name '*.so' ! -name 'llvmjit*')
mapfile -t needed < <(
    ldd "${programs[@]}" "$bin"/{initdb,pg_ctl,postgres,psql} "${modules[@]}" 2>/dev/null |
        grep -o '/[^ ):]*\.so[^ ):]*' | sort -u
)
cp -L --parents "${programs[@]}" "$bin"/{initdb,pg_ctl,postgres,psql} "${modules[@]}" "$root"
for file in "${needed[@]}"; do
    # /lib and /lib64, if they exist, are links into /usr, but programs name the loader by these paths.
    [ -e "$root$file" ] || cp -L --parents "$file" "$root"
done
ln -s bash "$root/usr/bin/sh"
cp -rL --parents "$(pg_config --sharedir)" "$root"
[ -d /usr/share/zoneinfo ] && cp -r --parents /usr/share/zoneinfo "$root"

cat >"$root/entrypoint" <<'ENTRYPOINT'
#!/bin/bash
set -eu
case "${1:-}" in '' | -*) set -- postgres "$@" ;; esac
if [ "$(id -u)" = 0 ]; then
    chown -R postgres "$PGDATA"
    exec setpriv --reuid=999 --regid=999 --clear-groups "$0" "$@"
fi
settings=(-c unix_socket_directories=/tmp -c "listen_addresses=*")
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    : "${POSTGRES_PASSWORD:?is not set}"
    initdb -U postgres --auth-host=scram-sha-256 --auth-local=trust \
        --pwfile=<(echo "$POSTGRES_PASSWORD") ${POSTGRES_INITDB_ARGS:-}
    echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
    pg_ctl -w start -o "-c unix_socket_directories=/tmp -c listen_addresses=''"
    if [ "${POSTGRES_DB:-postgres}" != postgres ]; then
        psql -h /tmp -U postgres -v name="$POSTGRES_DB" <<<'CREATE DATABASE :"name"'
    fi
    pg_ctl -w -m fast stop
fi
exec "$@" "${settings[@]}"
ENTRYPOINT
chmod 755 "$root/entrypoint"

tar -C "$root" -c . | docker import \
    -c 'ENTRYPOINT ["/entrypoint"]' -c 'CMD ["postgres"]' -c 'EXPOSE 5432' \
    -c 'ENV PGDATA=/var/lib/postgresql/data' -c "ENV PATH=$bin:/usr/bin" \
    - "postgres:$major" >/dev/null
rm -rf "$root"

ONWARD_PG=docker:$major inside "$@"
