// Part of the start-up script: who the machine is, how it ends, and its words in the ledger.

export const machine = String.raw`#!/bin/bash
# Not -e: whatever fails is told and ends in the deletion below, which no failing command may cut short.
set -u -o pipefail
umask 077
host=$(printenv GCE_METADATA_HOST || echo metadata.google.internal)
version=unknown

# A whole answer or none: one that breaks off is asked for again.
whole() {
  local tries=0 text
  until text=$("$@"); do
    tries=$((tries + 1))
    [ "$tries" -lt 5 ] || return 1
    sleep "$tries"
  done
  printf '%s' "$text"
}

metadata() {
  whole curl --silent --fail --max-time 10 --header 'Metadata-Flavor: Google' "http://$host/computeMetadata/v1/$1"
}
attribute() { metadata "instance/attributes/$1"; }

# The token goes to curl on its standard input: arguments can be read by every process.
authorised() {
  local token
  token=$(metadata instance/service-accounts/default/token | sed -n 's/.*"access_token" *: *"\([^"]*\)".*/\1/p')
  printf 'Authorization: Bearer %s\n' "$token" | curl --silent --fail --max-time 120 --header @- "$@"
}

# Tried until this machine is gone. Where that fails, the sweep deletes it, and at last the platform.
delete_self() {
  local tries=0
  trap - EXIT
  while [ "$tries" -lt 60 ]; do
    authorised --request DELETE --output /dev/null \
      "$(attribute compute-url)/compute/v1/projects/$(metadata project/project-id)/zones/$(metadata instance/zone | sed 's:.*/::')/instances/$(metadata instance/name)"
    tries=$((tries + 1))
    sleep 10
  done
  exit 1
}
trap delete_self EXIT

work=$(mktemp -d) || exit 1
cd "$work" || exit 1
touch kinds log over pid
project=$(metadata project/project-id)
storage=$(attribute storage-url)
secrets=$(attribute secrets-url)
ledger=$(attribute ledger)
reports=$(attribute reports)
leases=$(attribute leases)
shard=$(attribute shard)
attempt=$(attribute attempt)
every=$(attribute progress-seconds)
lease_seconds=$(attribute lease-seconds)
list=none
# Whoever heeds the notice has begun before any list was taken.
echo none >in-hand

upload="$storage/upload/storage/v1/b/$ledger/o?uploadType=media"

# A name, a type and what is in it. What is kept is made once: whoever comes late overwrites nobody. 412: it is there already.
keep() {
  local tries=0 code
  while [ "$tries" -lt 5 ]; do
    code=$(authorised --request POST --header "Content-Type: $2" --data-binary "$3" --output /dev/null \
      --write-out '%{http_code}' "$upload&ifGenerationMatch=0&name=$reports/$1")
    case $code in 2?? | 412) return 0 ;; esac
    tries=$((tries + 1))
    sleep "$tries"
  done
  return 1
}

# A word on this machine, which has its attempt in its name, or on a list.
report() { keep "$shard-$attempt-$1.json" application/json "$2"; }
report_list() { keep "list-$list-$1.json" application/json "$2"; }

# A file of the leases' folder, and which writing of it: 0 where there is none. Fails where that cannot be learnt.
look() {
  local code
  code=$(authorised --output "$2" --dump-header head --write-out '%{http_code}' \
    "$storage/storage/v1/b/$ledger/o/$(sed 's:/:%2F:g' <<<"$leases/$1")?alt=media")
  case $code in
    200) generation=$(tr -d '\r' <head | sed -n 's/^x-goog-generation: *//Ip' | tail -n 1) ;;
    404)
      generation=0
      : >"$2"
      ;;
    *) return 1 ;;
  esac
}

# Writes it if nobody has since that look.
swap() {
  local code
  code=$(authorised --request POST --header 'Content-Type: text/plain' --data-binary "$2" --output answer \
    --write-out '%{http_code}' "$upload&ifGenerationMatch=$generation&name=$leases/$1")
  case $code in
    2??) generation=$(sed -n 's/.*"generation" *: *"\([0-9]*\)".*/\1/p' answer | head -n 1) ;;
    *) return 1 ;;
  esac
}

`;
