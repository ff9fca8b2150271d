#!/bin/sh
# Puts what make_files.py made for a machine into its place there, each file under its owner. As root, on that machine:
#     sh install.sh FOLDER        FOLDER is a copy of out/NAME/
# A second word is put before all places (for a look, and for the trials of docs/ha.md).
set -eu
from="$1"
root="${2:-}"
[ -d "$from/etc" ] || { echo "$from has no etc/: give the folder that make_files.py made for this machine" >&2; exit 2; }
(cd "$from" && find etc -type f) | while read -r file; do
    install -D -m "$(stat -c %a "$from/$file")" "$from/$file" "$root/$file"
done
cd "$root/etc"
if [ -e patroni/config.yml ]; then
    chown postgres: patroni/config.yml chenyue-ha/postgres.* chenyue-ha/make_database.sql
    chown etcd: chenyue-ha/etcd.*
fi
if [ -z "$root" ] && command -v systemctl >/dev/null; then systemctl daemon-reload; fi
