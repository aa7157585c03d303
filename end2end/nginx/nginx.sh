#!/usr/bin/env bash
# nginx in front of a portal, as an ordinary process with all its files in STATE/nginx:
#
#   nginx.sh start MODE LISTEN_PORT UPSTREAM_PORT PREFIX STATE
#   nginx.sh stop STATE
#
# MODE is root (no prefix), stripped or kept (what the portal gets to see of PREFIX), stripped-header or
# kept-header (the same, and X-Forwarded-Prefix tells the portal), streaming (no prefix, nothing buffered), or static (PREFIX is a folder of files).
# Timeouts are nginx's own: a connection that is silent for 60 s is cut.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
PATH=$PATH:/usr/sbin

die() { echo "nginx.sh: $*" >&2; exit 1; }
usage() { sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}" >&2; exit 2; }

# Fills the placeholders of a template on stdin.
fill() {
  sed -e "s|@MODE@|$MODE|g" -e "s|@LISTEN@|$LISTEN|g" -e "s|@UPSTREAM@|$UPSTREAM|g" -e "s|@PREFIX@|$PREFIX|g" \
    -e "s|@USER@|$RUN_AS|g" -e "s|@FORWARDED_PREFIX@|$FORWARDED|g"
}

write_configuration() {
  local template=${MODE%-header} FORWARDED="" RUN_AS=""
  [ -e "$HERE/$template.conf.in" ] || die "there is no mode $MODE"
  [ "$template" = "$MODE" ] || FORWARDED=$PREFIX
  # Root's workers would become "nobody", who may not read a folder below a private one.
  [ "$(id -u)" != 0 ] || RUN_AS="user root;"
  fill <"$HERE/$template.conf.in" >"$DIR/location"
  sed -e "/@LOCATION@/{r $DIR/location" -e "d}" "$HERE/nginx.conf.in" | fill >"$DIR/nginx.conf"
  rm "$DIR/location"
}

start() {
  [ $# = 5 ] || usage
  MODE=$1 LISTEN=$2 UPSTREAM=$3 PREFIX=${4%/} DIR=$5/nginx
  mkdir -p "$DIR/temp"
  DIR=$(cd "$DIR" && pwd)
  stop "$5"
  write_configuration
  nginx -p "$DIR" -c "$DIR/nginx.conf" -e "$DIR/error.log" || die "nginx did not start on port $LISTEN; the reason is above"
}

stop() {
  local pid file=$1/nginx/nginx.pid end=$((SECONDS + 5))
  [ -s "$file" ] || return 0
  pid=$(cat "$file")
  # After a crash the number may belong to someone else.
  if tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -q '^nginx'; then
    kill "$pid"
    while kill -0 "$pid" 2>/dev/null && [ $SECONDS -lt $end ]; do sleep 0.1; done
  fi
  rm -f "$file"
}

case ${1:-} in
  start) shift; start "$@" ;;
  stop) [ $# = 2 ] || usage; stop "$2" ;;
  *) usage ;;
esac
