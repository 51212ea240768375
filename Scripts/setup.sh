#!/bin/sh
# Makes a machine ready: installs what is missing, and only that. Quick when nothing is.
#   Scripts/setup.sh build    what building and running skvm needs
#   Scripts/setup.sh test     that, and what the tests run against (.venv/ holds real harnesses)
set -eu
cd "$(dirname "$0")/.."

build_packages="ca-certificates git libcmark-gfm-dev libcmark-gfm-extensions-dev libcurl4-openssl-dev libgit2-dev \
libsqlite3-dev libssl-dev pkg-config python3 zlib1g-dev"
test_packages="bubblewrap lighttpd lighttpd-mod-openssl openssl openssh-client openssh-server \
python3-jsonschema python3-venv shellcheck sqlite3 strace util-linux"
hermes=0.19.0

stage=${1:-test}
case $stage in
    build) packages=$build_packages ;;
    test) packages="$build_packages $test_packages" ;;
    *)
        echo "usage: Scripts/setup.sh [build|test]" >&2
        exit 2
        ;;
esac

if ! command -v swift > /dev/null; then
    echo "error: swift is not on the path; skvm needs Swift 6.2 or later (https://www.swift.org/install)" >&2
    exit 1
fi

installed() {
    [ "$(dpkg-query -W -f '${Status}' "$1" 2> /dev/null)" = "install ok installed" ]
}

install_with_apt() {
    missing=
    for package in $packages; do
        installed "$package" || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" = 0 ]; then
        as_root=
    elif sudo -n true 2> /dev/null; then
        as_root=sudo
    else
        echo "error: these packages are missing; run this once as root:" >&2
        echo "    apt-get update && apt-get install -y$missing" >&2
        exit 1
    fi
    echo "installing$missing" >&2
    # Servers among them are installed for the tests to start, not to run on this machine.
    policy=/usr/sbin/policy-rc.d
    if [ ! -e $policy ]; then
        trap '$as_root rm -f $policy' EXIT
        printf '#!/bin/sh\nexit 101\n' | $as_root tee $policy > /dev/null
        $as_root chmod 755 $policy
    fi
    $as_root apt-get update -qq >&2
    # shellcheck disable=SC2086 # a list of words
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq -o Dpkg::Use-Pty=0 --no-install-recommends $missing >&2
}

check_with_pkg_config() {
    for library in libgit2 libcurl zlib sqlite3 libcmark-gfm libcrypto; do
        if ! pkg-config --exists "$library"; then
            echo "error: $library was not found by pkg-config; install its development package" >&2
            exit 1
        fi
    done
}

# Hermes is the harness that the tests install into for real.
install_hermes() {
    if [ "$(.venv/bin/python -c 'import importlib.metadata as m; print(m.version("hermes-agent"))' 2> /dev/null)" \
        = "$hermes" ] && [ -x .venv/bin/hermes ]; then
        return 0
    fi
    echo "installing hermes-agent $hermes into .venv" >&2
    rm -rf .venv
    python3 -m venv .venv
    .venv/bin/python -m pip install --quiet --disable-pip-version-check "hermes-agent==$hermes"
}

if command -v dpkg-query > /dev/null; then
    install_with_apt
fi
check_with_pkg_config
if [ "$stage" = test ]; then
    install_hermes
fi
