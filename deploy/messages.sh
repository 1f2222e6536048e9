#!/bin/sh
# Prints the texts that have no Vietnamese translation, as they are to be pasted into a django.po, and fails if there are any.
# It writes nothing itself: makemessages would sort the files anew and guess.
set -eu
cd "$(dirname "$0")/.."
python=$PWD/.venv/bin/python
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git ls-files -z --cached --others --exclude-standard landgis templates | xargs -0 cp --parents -t "$copy"
find landgis -name '*.po' -exec msgcat --use-first --output-file "$copy/known.po" {} +
find "$copy" -type d -name locale -prune -exec rm -r {} +
mkdir "$copy/locale"
(cd "$copy" && "$python" -m django makemessages --locale vi --no-location --verbosity 0)
msgmerge --quiet --no-fuzzy-matching --output-file "$copy/all.po" "$copy/known.po" "$copy/locale/vi/LC_MESSAGES/django.po"
msgattrib --untranslated --no-obsolete --output-file "$copy/missing.po" "$copy/all.po"
[ -s "$copy/missing.po" ] || exit 0
sed '1,/^$/d' "$copy/missing.po"
exit 1
