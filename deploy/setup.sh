# Sourced by deploy/quickstart and tests/run: installs what dpkg lacks, unpacks peers, builds.
# shellcheck shell=bash

say() { printf '%s\n' "$*"; }
fail() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

repository=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
build=${TOCSIN_BUILD:-$repository/build}

# packages_for KIND...: the names that deploy/packages lists for these kinds.
packages_for() {
    local kind
    for kind in "$@"; do
        awk -v kind="$kind" '$1 == kind { print $2 }' "$repository/deploy/packages"
    done
}

is_installed() {
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        fail "needs root (or sudo) for: $*"
    fi
}

# with_fresh_lists COMMAND...: runs it; if it fails, fetches apt's package lists (once) and runs it
# again: old lists name files that are gone, and a fresh machine has none.
with_fresh_lists() {
    "$@" && return 0
    [ -z "${apt_lists_fetched:-}" ] || return 1
    apt_lists_fetched=yes
    as_root apt-get update -qq && "$@"
}

# install_packages KIND...: apt is asked only for what dpkg lacks, so that this also runs offline.
install_packages() {
    local name missing=()
    for name in $(packages_for "$@"); do
        is_installed "$name" || missing+=("$name")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    say "Installing ${missing[*]}"
    with_fresh_lists apt_install "${missing[@]}" || fail "apt could not install: ${missing[*]}"
}

apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        -o Dpkg::Use-Pty=0 "$@" >/dev/null
}

# find_program NAME...: the first that is in PATH, else among the unpacked peers; 1 if there is none.
find_program() {
    local name
    for name in "$@"; do
        command -v "$name" && return 0
        if [ -x "$build/peers/bin/$name" ]; then
            printf '%s\n' "$build/peers/bin/$name"
            return 0
        fi
    done
    return 1
}

# Peers are unpacked, never installed: an installed one would start a service of its own. What is
# in PATH already is used as it is. Returns 1 if one is missing and cannot be had.
unpack_peers() {
    find_program prometheus >/dev/null && find_program promtool >/dev/null ||
        unpack_peer prometheus || return 1
    find_program alertmanager prometheus-alertmanager >/dev/null ||
        { unpack_peer prometheus-alertmanager && wrap_alertmanager; }
}

unpack_peer() {
    local name=$1 cache=$build/peers/download archive program
    mkdir -p "$cache" "$build/peers/bin"
    if ! ls "$cache/${name}"_*.deb >/dev/null 2>&1; then
        say "Fetching $name (unpacked below ${build##*/}/peers, not installed)"
        with_fresh_lists download_to "$cache" "$name" || return 1
    fi
    for archive in "$cache/${name}"_*.deb; do
        dpkg -x "$archive" "$build/peers" || return 1
    done
    for program in prometheus promtool amtool; do
        [ ! -x "$build/peers/usr/bin/$program" ] ||
            ln -sf "../usr/bin/$program" "$build/peers/bin/$program"
    done
}

download_to() {
    (cd "$1" && apt-get download -qq "$2" 2>/dev/null)
}

# Debian's Alertmanager reads its default templates from /usr/share, where nothing is put here: the
# unpacked copy is told to look in its working directory instead (same length, so that the program
# stays as it is otherwise), and is started there.
wrap_alertmanager() {
    local program=$build/peers/usr/bin/prometheus-alertmanager
    local folder=/usr/share/prometheus/alertmanager here=.
    while [ ${#here} -lt ${#folder} ]; do here=$here/; done
    LC_ALL=C sed -i "s|$folder\([^/]\)|$here\1|" "$program"
    cat >"$build/peers/bin/alertmanager" <<WRAPPER
#!/bin/sh
# Starts the unpacked Alertmanager beside its templates; paths given to it must be absolute.
cd "$build/peers$folder" && exec "$program" "\$@"
WRAPPER
    chmod +x "$build/peers/bin/alertmanager"
}

# The mail server that the tests deliver to: unpacked with the libraries that are not installed.
# Returns 1 if it cannot be had.
unpack_mail_server() {
    find_program exim4 >/dev/null && return 0
    local name
    unpack_peer exim4-daemon-light || return 1
    for name in $(missing_libraries_of exim4-daemon-light); do
        unpack_peer "$name" || return 1
    done
    wrap_mail_server
}

# missing_libraries_of PACKAGE: what it depends on, directly or through other libraries.
missing_libraries_of() {
    local name found="" queue=$1 package
    while [ -n "$queue" ]; do
        package=${queue%% *} queue=${queue#"$package"} queue=${queue# }
        for name in $(apt-cache depends --no-recommends --no-suggests --no-conflicts --no-breaks \
            --no-replaces --no-enhances "$package" 2>/dev/null |
            awk '$1 == "Depends:" && $2 ~ /^lib/ { print $2 }'); do
            case " $found " in *" $name "*) continue ;; esac
            ! is_installed "$name" || continue
            found="$found $name" queue="$queue${queue:+ }$name"
        done
    done
    printf '%s\n' "$found"
}

# Debian's Exim looks its own user up at every start; where it is not installed there is none, and
# another takes its place. What it runs as is said by the configuration that a test gives it.
wrap_mail_server() {
    local program=$build/peers/usr/sbin/exim4 libraries=$build/peers/usr/lib arch
    arch=$(dpkg-architecture -qDEB_HOST_MULTIARCH 2>/dev/null || gcc -print-multiarch)
    getent passwd Debian-exim >/dev/null ||
        LC_ALL=C sed -i 's/Debian-exim\x00/daemon\x00\x00\x00\x00\x00\x00/' "$program"
    cat >"$build/peers/bin/exim4" <<WRAPPER
#!/bin/sh
# Starts the unpacked Exim with the libraries unpacked beside it.
LD_LIBRARY_PATH="$libraries/$arch:$build/peers/lib/$arch" exec "$program" "\$@"
WRAPPER
    chmod +x "$build/peers/bin/exim4"
}

# configure OPTION...: Ninja only where no build tree stands already with another generator.
configure() {
    local generator=()
    [ -f "$build/CMakeCache.txt" ] || generator=(-G Ninja)
    mkdir -p "$build"
    cmake -S "$repository" -B "$build" "${generator[@]}" "$@" >"$build/configure.log" 2>&1 || {
        cat "$build/configure.log" >&2
        fail "cmake could not configure the build"
    }
}
