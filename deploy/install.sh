#!/bin/sh
# Makes a real service of this clone on Debian 12 or newer: user, database with its roles, nginx, systemd. As root:
#   deploy/install.sh --server land.example.org [--certificate FILE --key FILE]
#   deploy/install.sh --remove            takes the service away; data, settings and backups stay
#   deploy/install.sh --remove --data     and all of them
# May be run any number of times: it says what it does, and does what is not done yet. After an upgrade run it again.
set -eu
umask 022
cd "$(dirname "$0")/.."

say() { printf -- '- %s\n' "$*"; }
fail() { printf 'landgis: %s\n' "$*" >&2; exit 1; }

export CLONE="$PWD" STATE=/var/lib/landgis RUN=/run/landgis CACHE=/var/cache/nginx/landgis LOGS=/var/log/nginx
export BACKUPS=/var/backups/landgis ENVIRONMENT=/etc/landgis/env USER_NAME=landgis UPLOAD_MB=512 SERVER='' LISTEN=''
OWNER=/etc/landgis/owner.env
SITE=/etc/nginx/sites-available/landgis
LINK=/etc/nginx/sites-enabled/landgis
COMMAND=/usr/local/sbin/landgis
UNITS='web.service office.service worker.service backup.service backup.timer verify.service verify.timer'
STARTED='landgis-web.service landgis-office.service landgis-worker.service landgis-backup.timer landgis-verify.timer'
certificate='' key='' remove='' data=''

while [ $# -gt 0 ]; do
    case "$1" in
    --server | --certificate | --key) [ $# -ge 2 ] || fail "$1 wants a value." ;;
    esac
    case "$1" in
    --server) SERVER=$2; shift ;;
    --certificate) certificate=$2; shift ;;
    --key) key=$2; shift ;;
    --remove) remove=yes ;;
    --data) data=yes ;;
    *) sed -n '2,6s/^# *//p' "$0" >&2; exit 2 ;;
    esac
    shift
done
[ "$(id -u)" = 0 ] || fail "run this as root."

has_tls() { case "$LISTEN" in *ssl*) true ;; *) false ;; esac; }
has_systemd() { [ -d /run/systemd/system ]; }

# Writes what it is given into a file, and says so, where the file says something else.
write() {
    text=$(cat)
    [ -e "$1" ] && [ "$(cat "$1")" = "$text" ] && return
    say "$1"
    printf '%s\n' "$text" >"$1.part"
    chmod "$2" "$1.part"
    mv "$1.part" "$1"
}

as_postgres() { (cd / && runuser -u postgres -- "$@"); }

remove_service() {
    if has_systemd; then
        # shellcheck disable=SC2086
        systemctl disable --now --quiet $STARTED 2>/dev/null || true
    fi
    for unit in $UNITS; do rm -f "/etc/systemd/system/landgis-$unit"; done
    rm -f "$SITE" "$LINK" "$COMMAND"
    rm -rf "$CACHE"
    say "Units, the site of nginx and $COMMAND are removed."
    if has_systemd; then
        systemctl daemon-reload
        systemctl reload nginx 2>/dev/null || true
    fi
    if [ -z "$data" ]; then
        say "Left as they are: $STATE, /etc/landgis, $BACKUPS, the database landgis. With --data they go, too."
        return
    fi
    as_postgres dropdb --if-exists --force landgis
    for role in landgis_app landgis_public landgis; do as_postgres dropuser --if-exists "$role"; done
    rm -rf "$STATE" /etc/landgis "$BACKUPS"
    if id "$USER_NAME" >/dev/null 2>&1; then
        deluser --quiet www-data "$USER_NAME" 2>/dev/null || true # or the group would stay
        deluser --quiet --system "$USER_NAME" 2>/dev/null
    fi
    say "Data, settings and backups are removed."
}

look_at_what_is_asked() {
    case "$CLONE" in /home/* | /root/*) fail "the service cannot read $CLONE: move the clone to /srv/landgis, for example." ;; esac
    if [ -z "$SERVER" ] && [ -e "$SITE" ]; then
        SERVER=$(sed -n 's/^ *server_name \(.*\);$/\1/p' "$SITE" | head -n 1)
    fi
    [ -n "$SERVER" ] || fail "--server says under which name readers find the site."
    case "$SERVER" in *[!A-Za-z0-9.-]*) fail "--server is one host name, such as land.example.org." ;; esac
    if [ -n "$certificate$key" ]; then
        [ -r "$certificate" ] && [ -r "$key" ] || fail "--certificate and --key are two files that exist."
        LISTEN="listen 443 ssl;$([ ! -e /proc/net/if_inet6 ] || echo ' listen [::]:443 ssl;') ssl_certificate $certificate; ssl_certificate_key $key;"
    elif [ -e "$SITE" ]; then
        LISTEN=$(sed -n 's/^ *\(listen .*\)$/\1/p' "$SITE" | head -n 1)
    else
        LISTEN="listen 80;$([ ! -e /proc/net/if_inet6 ] || echo ' listen [::]:80;')"
    fi
}

packages() {
    deploy/setup.sh
    missing=''
    [ -x /usr/sbin/nginx ] || missing="$missing nginx"
    command -v runuser >/dev/null || missing="$missing util-linux"
    command -v adduser >/dev/null || missing="$missing adduser"
    [ -n "$missing" ] || return 0
    say "Packages of the distribution:$missing"
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --no-install-recommends $missing >/dev/null 2>&1 ||
        fail "could not be installed:$missing"
}

user_and_folders() {
    if ! id "$USER_NAME" >/dev/null 2>&1; then
        say "User $USER_NAME"
        adduser --quiet --system --group --home "$STATE" --no-create-home "$USER_NAME"
    fi
    # nginx reads stored tiles and static files, and asks the sockets.
    id -nG www-data | grep -qw "$USER_NAME" || { say "www-data into the group $USER_NAME"; adduser --quiet www-data "$USER_NAME"; }
    install -d -o "$USER_NAME" -g "$USER_NAME" -m 750 "$STATE" "$STATE/pages"
    install -d -o "$USER_NAME" -g "$USER_NAME" -m 700 "$STATE/media" "$BACKUPS"
    install -d -o root -g "$USER_NAME" -m 750 /etc/landgis
    install -d -o www-data -g www-data -m 700 "$CACHE"
    [ -e /etc/landgis/office.toml ] || { say "/etc/landgis/office.toml, to be filled in"; cp data/office.toml /etc/landgis/; }
}

database_server() {
    if [ -z "$(pg_lsclusters --no-header)" ]; then
        major=$(find /usr/lib/postgresql -mindepth 1 -maxdepth 1 -printf '%f\n' | sort -n | tail -n 1)
        say "A cluster of PostgreSQL $major"
        LC_ALL=C.UTF-8 pg_createcluster "$major" main >/dev/null
    fi
    pg_lsclusters --no-header | while read -r version cluster _port status _rest; do
        if [ "$status" = down ]; then pg_ctlcluster "$version" "$cluster" start; fi
    done
    PGPORT=$(pg_lsclusters --no-header | awk '{ print $3; exit }')
    export PGPORT
    waited=0
    until as_postgres pg_isready --quiet; do
        waited=$((waited + 1))
        [ $waited -lt 60 ] || fail "PostgreSQL does not answer: see pg_lsclusters and /var/log/postgresql."
        sleep 1
    done
}

# New passwords each time until all of it is written down; what was cut off is begun anew.
database_and_settings() {
    [ ! -e "$ENVIRONMENT" ] || [ ! -e "$OWNER" ] || return 0
    say "Database landgis with three roles; settings in $ENVIRONMENT and, for root alone, $OWNER"
    sql=$(LANDGIS_STATE=/nonexistent LANDGIS_SECRET_KEY=$(openssl rand -base64 48) \
        DATABASE_URL=postgresql://nobody@localhost/none .venv/bin/python manage.py roles)
    printf '%s\n' "$sql" | as_postgres psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --output /dev/null postgres
    logins=$(printf '%s\n' "$sql" | sed -n "s/^-- \(DATABASE_[A-Z_]*=.*\)@localhost\//\1@localhost:$PGPORT\//p")
    umask 077
    printf '%s\n' "$logins" | grep '^DATABASE_OWNER_URL=' >"$OWNER"
    {
        printf '%s\n' "$logins" | grep -v '^DATABASE_OWNER_URL='
        printf 'LANDGIS_STATE=%s\nLANDGIS_OFFICE=/etc/landgis/office.toml\n' "$STATE"
        printf 'LANDGIS_HOSTS=%s,localhost\nLANDGIS_HTTPS=off\n' "$SERVER"
        printf 'LANDGIS_SECRET_KEY=%s\n' "$(openssl rand -base64 48)"
    } >"$ENVIRONMENT.part"
    umask 022
    chown "root:$USER_NAME" "$ENVIRONMENT.part"
    chmod 640 "$ENVIRONMENT.part"
    mv "$ENVIRONMENT.part" "$ENVIRONMENT"
}

# What an operator starts: `landgis doctor` is `manage.py doctor` as the user of the service.
operators_command() {
    write "$COMMAND" 755 <<END
#!/bin/sh
# manage.py of $CLONE as the service runs it; for root, who alone may change the form of tables.
set -eua
. $ENVIRONMENT
. $OWNER
cd $CLONE
umask 027
exec runuser -u $USER_NAME -- .venv/bin/python manage.py "\$@"
END
}

files() {
    for unit in $UNITS; do deploy/fill.sh "deploy/systemd/$unit" | write "/etc/systemd/system/landgis-$unit" 644; done
    {
        deploy/fill.sh deploy/nginx/landgis.conf
        if has_tls; then printf 'server { listen 80; server_name %s; return 301 https://$host$request_uri; }\n' "$SERVER"; fi
    } | write "$SITE" 644
    if has_tls; then sed -i 's/^LANDGIS_HTTPS=off$/LANDGIS_HTTPS=on/' "$ENVIRONMENT"; fi
    [ -e "$LINK" ] || ln -s "$SITE" "$LINK"
    nginx -t -q || fail "nginx does not take $SITE; see above."
}

start() {
    if ! has_systemd; then
        say "systemd does not run here: nothing was started."
        return
    fi
    say "Starting"
    systemctl daemon-reload
    # shellcheck disable=SC2086
    systemctl enable --quiet nginx $STARTED
    # shellcheck disable=SC2086
    systemctl restart landgis-web landgis-office landgis-worker
    systemctl start landgis-backup.timer landgis-verify.timer
    systemctl reload-or-restart nginx
}

if [ -n "$remove" ]; then
    remove_service
    exit
fi
look_at_what_is_asked
packages
user_and_folders
database_server
database_and_settings
operators_command
say "Migrations and static files"
"$COMMAND" migrate --verbosity 0
"$COMMAND" collectstatic --noinput --verbosity 0
"$COMMAND" standing_pages >/dev/null
files
start
cat <<END

landgis is installed for http$(! has_tls || echo s)://$SERVER/. Next:
  $COMMAND createsuperuser      the first person, who invites the others at /officer/people/
  /etc/landgis/office.toml         who you are and what is open; then run this again
  $COMMAND doctor               what is wrong, if anything is
END
