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

# Lists that are older than a package make apt ask for files that are gone, so they are fetched
# once, before the first request; without a network the old ones have to do.
update_apt_lists_once() {
    [ -z "${apt_lists_fetched:-}" ] || return 0
    apt_lists_fetched=yes
    as_root apt-get update -qq || say "The package lists could not be fetched; going on with the old ones."
}

# install_packages KIND...: apt is asked only for what dpkg lacks, so that this also runs offline.
install_packages() {
    local name missing=()
    for name in $(packages_for "$@"); do
        is_installed "$name" || missing+=("$name")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    say "Installing ${missing[*]}"
    update_apt_lists_once
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends -o Dpkg::Use-Pty=0 "${missing[@]}" >/dev/null ||
        fail "apt could not install: ${missing[*]}"
}

# find_program NAME...: the first that is in PATH, else among the unpacked peers; nothing if none.
find_program() {
    local name
    for name in "$@"; do
        command -v "$name" && return 0
        if [ -x "$build/peers/usr/bin/$name" ]; then
            printf '%s\n' "$build/peers/usr/bin/$name"
            return 0
        fi
    done
    return 1
}

# Peers are unpacked, never installed: an installed one would start a service of its own. What is
# in PATH already is used as it is. Returns 1 if one is missing and cannot be had.
unpack_peers() {
    local name cache=$build/peers/download
    for name in $(packages_for peer); do
        case $name in
            prometheus) find_program prometheus >/dev/null && find_program promtool >/dev/null ;;
            *) find_program alertmanager prometheus-alertmanager >/dev/null ;;
        esac && continue
        mkdir -p "$cache"
        if ! ls "$cache/${name}"_*.deb >/dev/null 2>&1; then
            say "Fetching $name (unpacked below ${build##*/}/peers, not installed)"
            update_apt_lists_once
            (cd "$cache" && apt-get download -qq "$name" 2>/dev/null) || return 1
        fi
        dpkg -x "$(ls "$cache/${name}"_*.deb)" "$build/peers" || return 1
    done
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
