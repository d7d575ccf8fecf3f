// Script that a transfer machine runs when it starts: copies the objects of one list with rclone, reports into the ledger's bucket,
// and deletes itself, whatever happened. It is a constant: what differs from machine to machine is read from its metadata. Each
// parameter has an attribute, for an image need not have a JSON parser. Never a poweroff: it would clear the platform's limit.
// Braces after a dollar sign belong to TypeScript here, so the script has none.

/** Command that a person types for a current rclone. */
export const installLine = "curl https://rclone.org/install.sh | sudo bash";

export const startUpScript = String.raw`#!/bin/bash
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
project=$(metadata project/project-id)
storage=$(attribute storage-url)
secrets=$(attribute secrets-url)
ledger=$(attribute ledger)
reports=$(attribute reports)
shard=$(attribute shard)
attempt=$(attribute attempt)
every=$(attribute progress-seconds)

# A name, a type and what is in it. The name has the attempt in it, and is made once: whoever comes late overwrites nobody. 412: it is
# there already.
keep() {
  local tries=0 code
  while [ "$tries" -lt 5 ]; do
    code=$(authorised --request POST --header "Content-Type: $2" --data-binary "$3" --output /dev/null \
      --write-out '%{http_code}' \
      "$storage/upload/storage/v1/b/$ledger/o?uploadType=media&ifGenerationMatch=0&name=$reports/$shard-$attempt-$1")
    case $code in 2?? | 412) return 0 ;; esac
    tries=$((tries + 1))
    sleep "$tries"
  done
  return 1
}

report() { keep "$1.json" application/json "$2"; }

# The end of the log says how far rclone is: a line of a hundred objects on their way has some 40 kB.
figures() {
  local end bytes objects
  end=$(tail -c 262144 log 2>/dev/null)
  bytes=$(grep -o '"stats":{"bytes":[0-9]*' <<<"$end" | tail -n 1 | sed 's/.*://')
  objects=$(grep -o '"transfers":[0-9]*' <<<"$end" | tail -n 1 | sed 's/.*://')
  [ -n "$bytes" ] || bytes=0
  [ -n "$objects" ] || objects=0
  printf '"bytes":%s,"objects":%s,"rclone":"%s"' "$bytes" "$objects" "$version"
}

# Reasons of failed objects, a word each. Names stand in a field of their own, and in addresses, which are left out.
kinds_of_failures() {
  awk 'match($0, /"level":"error","msg":"([^"\\]|\\.)*","object":/) {
    said = tolower(substr($0, RSTART, RLENGTH))
    gsub(/\\"[^ ]*\\"/, "", said)
    if (said ~ /slowdown|rate ?limit|too many requests|(status code:|error) (429|50[0234])/) print "busy"
    else if (said ~ /quota|insufficientstorage|status code: 507/) print "quota"
    else if (said ~ /immutable file modified|corrupted on transfer|being updated|preconditionfailed|(status code:|error) 412/) print "changed"
    else if (said ~ /accessdenied|access denied|forbidden|unauthorized|invalidaccesskey|signaturedoesnotmatch|(status code:|error) 40[13]/) print "denied"
    else if (said ~ /nosuchkey|nosuchbucket|not found|(status code:|error) 404/) print "gone"
    else if (said ~ /keytoolong|name too long/) print "too-long"
    else print "other"
  }'
}
causes() {
  { cat kinds; kinds_of_failures <log; } 2>/dev/null | sort | uniq -c |
    awk '{ printf "%s\"%s\":%d", (NR > 1 ? "," : ""), $2, $1 }'
}

# The log of a day would fill the disk: its failures are counted, and the rest is let go.
bound_log() {
  [ "$(wc -c <log)" -gt 33554432 ] || return 0
  kinds_of_failures <log >>kinds
  grep '"stats":' log | tail -n 1 >last-stats
  cat last-stats >log
}

fail() {
  report failed "{\"v\":1,\"state\":\"failed\",\"exit\":$1,\"why\":\"$2\",\"causes\":{$(causes)},$(figures)}"
  exit 70
}

environment=(PATH="$PATH" HOME="$work" TMPDIR="$work" RCLONE_CONFIG=/dev/null)
if printenv GCE_METADATA_HOST >/dev/null; then environment+=(GCE_METADATA_HOST="$host"); fi

# A remote of rclone by the environment, SOURCE or TARGET, from the attributes that begin so in lower case.
remote() {
  local what=$1 from=$2 keys one key secret found=no
  case $(attribute "$from-kind") in
    gcs)
      environment+=("RCLONE_CONFIG_""$what""_TYPE=google cloud storage" "RCLONE_CONFIG_""$what""_BUCKET_POLICY_ONLY=true"
        "RCLONE_CONFIG_""$what""_NO_CHECK_BUCKET=true" "RCLONE_CONFIG_""$what""_ENDPOINT=$(attribute "$from-endpoint")")
      ;;
    s3)
      keys=$(whole authorised "$secrets/v1/projects/$project/secrets/transfer-keys/versions/latest:access" |
        tr -d '\n' | sed -n 's/.*"data" *: *"\([^"]*\)".*/\1/p' | base64 -d) || fail 75 keys-unreadable
      while read -r one key secret; do
        [ "$one" = "$(attribute "$from-remote")" ] && found=yes && break
      done <<<"$keys"
      [ "$found" = yes ] || fail 78 keys-missing
      environment+=("RCLONE_CONFIG_""$what""_TYPE=s3" "RCLONE_CONFIG_""$what""_PROVIDER=$(attribute "$from-provider")"
        "RCLONE_CONFIG_""$what""_ENDPOINT=$(attribute "$from-endpoint")" "RCLONE_CONFIG_""$what""_REGION=$(attribute "$from-region")"
        "RCLONE_CONFIG_""$what""_ACCESS_KEY_ID=$key" "RCLONE_CONFIG_""$what""_SECRET_ACCESS_KEY=$secret"
        "RCLONE_CONFIG_""$what""_NO_CHECK_BUCKET=true" "RCLONE_CONFIG_""$what""_FORCE_PATH_STYLE=true")
      ;;
    *) fail 78 kind-unknown ;;
  esac
}

rclone=$(command -v rclone) || fail 127 rclone-missing
version=$("$rclone" version 2>/dev/null | head -n 1 | tr -cd 'A-Za-z0-9.+ -' | cut -c 1-40)
remote SOURCE source
remote TARGET target

# A list of names from the ledger into a file, whole.
fetch_list() {
  whole authorised --output "$1" "$storage/storage/v1/b/$ledger/o/$2?alt=media" || fail 66 list-missing
  [ "$(wc -l <"$1" | tr -d ' ')" = "$3" ] || fail 66 list-cut
}
fetch_list list "$(attribute list)" "$(attribute list-lines)"

from="SOURCE:$(attribute source-path)"
to="TARGET:$(attribute target-path)"

# Asked what it can do, for images differ.
can=$("$rclone" help flags 2>/dev/null)
has() { grep -q -e "--$1 " <<<"$can"; }
# Flags that name what a list has. An old one trims lines and takes # and ; for comments, but drops slashes at both ends after that.
names_of() {
  if has files-from-raw; then
    named=(--files-from-raw "$work/$1")
  else
    sed 's:.*:/&/:' <"$1" >"$1-fenced"
    named=(--files-from "$work/$1-fenced")
  fi
}
common=(--use-json-log --stats "$every"s --stats-log-level NOTICE --checkers "$(attribute checkers)")
names_of list
flags=(copy "@named@" "@common@" --checksum --immutable --no-traverse --retries 1
  --transfers "$(attribute transfers)" --buffer-size "$(attribute buffer)")
# Between two S3 stores it brings most of what stands beside the bytes.
if has metadata; then flags+=(--metadata); fi
if has s3-upload-concurrency; then flags+=(--s3-upload-concurrency "$(attribute upload-concurrency)"); fi
if has s3-chunk-size; then flags+=(--s3-chunk-size "$(attribute chunk)"); fi
if has max-buffer-memory; then flags+=(--max-buffer-memory "$(attribute buffer-memory)"); fi

# With nothing of this environment, and with the keys in nobody's arguments.
bare_rclone() (
  for one in $(compgen -e); do unset "$one"; done
  export "@environment@"
  exec "$rclone" "$@"
)

# Objects that no listing will prove are read, whole: a line each, its MD5 and its name, as the report of its end.
read_back() {
  local lines
  lines=$(attribute "$1-back-lines")
  [ "$lines" != 0 ] || return 0
  fetch_list "$1-back" "$(attribute "$1-back")" "$lines"
  names_of "$1-back"
  # What cannot be read is left out, and not proved.
  bare_rclone hashsum MD5 --download "@named@" "@common@" -- "$2" >"$1.sums" 2>>log </dev/null
  keep "$1.sums" text/plain "@$1.sums"
}

{
  # An empty list is everything to some of its versions.
  [ ! -s list ] || bare_rclone "@flags@" -- "$from" "$to" >out 2>>log </dev/null
  code=$?
  if [ "$code" = 0 ] || [ "$code" = 9 ]; then
    read_back source "$from"
    read_back target "$to"
  fi
  exit "$code"
} &
copying=$!

tell_progress() {
  local n=0
  while sleep "$every"; do
    n=$((n + 1))
    bound_log
    report "progress-$(printf '%06d' "$n")" "{\"v\":1,\"state\":\"progress\",$(figures)}"
  done
}
heed_notice() {
  while sleep 1; do
    [ "$(metadata instance/preempted)" = TRUE ] || continue
    report preempted "{\"v\":1,\"state\":\"preempted\",$(figures)}"
    return
  done
}
tell_progress &
telling=$!
heed_notice &
heeding=$!
wait "$copying"
code=$?
kill "$telling" "$heeding" 2>/dev/null
[ "$code" = 0 ] || [ "$code" = 9 ] || fail "$code" rclone
report done "{\"v\":1,\"state\":\"done\",\"exit\":$code,$(figures)}"
`.replace(/"@(environment|flags|named|common)@"/g, `"\${$1[@]}"`);
