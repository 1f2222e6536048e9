#!/bin/sh
# Prints a template of deploy/ with the values of the environment in place of the names between two @.
#   STATE=/var/lib/landgis … deploy/fill.sh deploy/nginx/landgis.conf
# One that is left over is an error: half a configuration is none.
set -eu
text=$(cat "$1")
for name in CLONE STATE RUN CACHE LOGS BACKUPS ENVIRONMENT USER_NAME SERVER LISTEN UPLOAD_MB; do
    eval "value=\${$name:-}"
    [ -z "$value" ] || text=$(printf '%s\n' "$text" | sed "s|@$name@|$(printf '%s' "$value" | sed 's/[|&\\]/\\&/g')|g")
done
left=$(printf '%s\n' "$text" | grep -o '@[A-Z_]*@' | sort -u | tr '\n' ' ')
[ -z "$left" ] || { printf 'landgis: %s of %s has no value in the environment.\n' "$left" "$1" >&2; exit 1; }
printf '%s\n' "$text"
