// Script that a transfer machine runs when it starts: takes list after list and copies their objects with rclone, reports into the ledger's
// bucket, and deletes itself, whatever happened. It is a constant: what differs from machine to machine is read from its metadata. Each
// parameter has an attribute, for an image need not have a JSON parser. Never a poweroff: it would clear the platform's limit.
// Braces after a dollar sign belong to TypeScript here, so the script has none.
import { moverProgram } from "./mover/program.ts";

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

# Takes the first list of the board that nobody works on: one that is new, that its machine has left, or has said nothing of for too long.
# The machine before this one, of the same name, is gone. Fails where there is none; "until" says how long the others are kept.
take_list() {
  local key columns state holder time now
  until=
  look board.tsv board || return 1
  while IFS=$'\t' read -r key columns; do
    if grep -qxF -e "$key" over; then continue; fi
    look "$key" lease || continue
    read -r state holder time <lease
    now=$(date +%s)
    case $state in
      ended)
        echo "$key" >>over
        continue
        ;;
      taken)
        case $holder in
          "$shard"-*) ;;
          *)
            if [ "$now" -le "$time" ]; then
              if [ -z "$until" ] || [ "$time" -lt "$until" ]; then until=$time; fi
              continue
            fi
            ;;
        esac
        ;;
    esac
    swap "$key" "taken $shard-$attempt $((now + lease_seconds))" || continue
    list=$key
    IFS=$'\t' read -r copy copy_lines move move_lines source source_lines target target_lines \
      transfers checkers upload_concurrency chunk buffer <<<"$columns"
    return 0
  done <board
  return 1
}

# Says again and again that the list is this machine's. One that another machine has by now is left to it.
renew_lease() {
  local state holder time
  while sleep $((lease_seconds / 3)); do
    swap "$list" "taken $shard-$attempt $(($(date +%s) + lease_seconds))" && continue
    look "$list" lease || continue
    read -r state holder time <lease
    [ "$holder" = "$shard-$attempt" ] && continue
    end_program
    return
  done
}

# Ends with the list, if it is this machine's still.
release() {
  local state holder time
  look "$list" lease || return 1
  read -r state holder time <lease
  [ "$holder" = "$shard-$attempt" ] && swap "$list" "$1 $shard-$attempt"
}

# The end of the log says how far rclone is with the list: a line of a hundred objects on their way has some 40 kB.
figures() {
  local end bytes objects
  end=$(tail -c 262144 log 2>/dev/null)
  bytes=$(grep -o '"stats":{"bytes":[0-9]*' <<<"$end" | tail -n 1 | sed 's/.*://')
  objects=$(grep -o '"transfers":[0-9]*' <<<"$end" | tail -n 1 | sed 's/.*://')
  printf '"list":"%s","bytes":%s,"objects":%s,"rclone":"%s"%s' "$list" "$((bytes + $(of_mover bytes)))" \
    "$((objects + $(of_mover objects)))" "$version" "$(own_figures)"
}
of_mover() {
  local count
  count=$(grep -o "\"$1\":[0-9]*" moved-figures 2>/dev/null | head -n 1 | sed 's/.*://')
  [ -n "$count" ] || count=0
  printf %s "$count"
}

# Memory, network and disk of this machine in MB, where the system tells.
own_figures() {
  [ -r /proc/meminfo ] && [ -r /proc/net/dev ] || return 0
  awk -v mega=0.001024 -v free="$(df -Pk . | awk 'NR == 2 { print $4 }')" '
    /^MemTotal:/ { total = $2 }
    /^MemAvailable:/ { available = $2 }
    FILENAME ~ /dev$/ && FNR > 2 && $1 !~ /^lo:/ { sub(/^[^:]*:/, ""); received += $1; sent += $9 }
    END {
      printf ",\"ops\":{\"memoryMB\":%d,\"memoryUsedMB\":%d,", total * mega, (total - available) * mega
      printf "\"receivedMB\":%d,\"sentMB\":%d,\"diskFreeMB\":%d}", received / 1e6, sent / 1e6, free * mega
    }
  ' /proc/meminfo /proc/net/dev
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
    else if (said ~ /nosuchbucket|bucket does not exist/) print "no-bucket"
    else if (said ~ /nosuchkey|not found|(status code:|error) 404/) print "gone"
    else if (said ~ /keytoolong|name too long/) print "too-long"
    else print "other"
  }'
}
causes() {
  { cat kinds; kinds_of_failures <log; } 2>/dev/null | sort | uniq -c |
    awk '{ printf "%s\"%s\":%d", (NR > 1 ? "," : ""), $2, $1 }'
}

# Names of what rclone has copied, as far as JSON writes them as they are.
copied_names() { sed -n '/"msg":"[^"]*Copied (/s/.*"object":"\([^"\\]*\)".*/\1/p'; }

# The log of a day would fill the disk: its failures are counted, what was copied is noted, and the rest is let go.
bound_log() {
  [ "$(wc -c <log)" -gt 33554432 ] || return 0
  kinds_of_failures <log >>kinds
  copied_names <log >>copied
  grep '"stats":' log | tail -n 1 >last-stats
  cat last-stats >log
}

fail() {
  report failed "{\"v\":1,\"state\":\"failed\",\"exit\":$1,\"why\":\"$2\",$(figures)}"
  exit 70
}

environment=(PATH="$PATH" HOME="$work" TMPDIR="$work" RCLONE_CONFIG=/dev/null)
if printenv GCE_METADATA_HOST >/dev/null; then environment+=(GCE_METADATA_HOST="$host"); fi

# An end for the mover, by the same attributes.
mover_end() {
  local what=$1 from=$2 path
  path=$(attribute "$from-path")
  environment+=("$what""_KIND=$(attribute "$from-kind")" "$what""_BUCKET=$(cut -d / -f 1 <<<"$path")"
    "$what""_PREFIX=$(cut -s -d / -f 2- <<<"$path")")
}

# A remote of rclone by the environment, SOURCE or TARGET, from the attributes that begin so in lower case.
remote() {
  local what=$1 from=$2 keys one key secret found=no
  case $(attribute "$from-kind") in
    gcs)
      environment+=("RCLONE_CONFIG_""$what""_TYPE=google cloud storage" "RCLONE_CONFIG_""$what""_BUCKET_POLICY_ONLY=true"
        "RCLONE_CONFIG_""$what""_NO_CHECK_BUCKET=true" "RCLONE_CONFIG_""$what""_ENDPOINT=$(attribute "$from-endpoint")"
        "$what""_ENDPOINT=$storage")
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
        "RCLONE_CONFIG_""$what""_NO_CHECK_BUCKET=true" "RCLONE_CONFIG_""$what""_FORCE_PATH_STYLE=true"
        "$what""_ENDPOINT=$(attribute "$from-endpoint")" "$what""_REGION=$(attribute "$from-region")"
        "$what""_KEY_ID=$key" "$what""_SECRET=$secret")
      ;;
    *) fail 78 kind-unknown ;;
  esac
  mover_end "$what" "$from"
}

# The mover: what it does is said in shared/compute/mover/program.ts.
mover() {
  cat <<'END_OF_MOVER'
@mover@
END_OF_MOVER
}

# The release that the settings name, from our own bucket, as its makers made it; without one, what the image has.
fetch_rclone() {
  local from
  from=$(attribute rclone-from)
  if [ "$from" = image ]; then
    rclone=$(command -v rclone) || fail 127 rclone-missing
    return
  fi
  whole authorised --output rclone.zip "$storage/storage/v1/b/$ledger/o/$from?alt=media" || fail 127 rclone-not-staged
  [ "$(sha256sum <rclone.zip | cut -c 1-64)" = "$(attribute rclone-sha256)" ] || fail 127 rclone-other
  { python3 -m zipfile -e rclone.zip . && chmod 700 rclone-*/rclone; } || fail 127 rclone-not-unpacked
  rclone=$(echo "$work"/rclone-*/rclone)
}
# Says of itself what it is, with nothing of this environment and no keys.
asked_rclone() { env -i PATH="$PATH" HOME="$work" RCLONE_CONFIG=/dev/null "$rclone" "$@" 2>/dev/null; }
fetch_rclone
version=$(asked_rclone version | head -n 1 | tr -cd 'A-Za-z0-9.+ -' | cut -c 1-40)
remote SOURCE source
remote TARGET target

from="SOURCE:$(attribute source-path)"
to="TARGET:$(attribute target-path)"

# A file of names from the ledger, whole.
fetch_names() {
  whole authorised --output "$1" "$storage/storage/v1/b/$ledger/o/$2?alt=media" || fail 66 list-missing
  [ "$(wc -l <"$1" | tr -d ' ')" = "$3" ] || fail 66 list-cut
}

# Asked what it can do, for images differ.
can=$(asked_rclone help flags)
has() { grep -q -e "--$1 " <<<"$can"; }
# Flags that name what a file has. An old one trims lines and takes # and ; for comments, but drops slashes at both ends after that.
names_of() {
  if has files-from-raw; then
    named=(--files-from-raw "$work/$1")
  else
    sed 's:.*:/&/:' <"$1" >"$1-fenced"
    named=(--files-from "$work/$1-fenced")
  fi
}

# Runs a program with nothing of this environment, and with the keys in nobody's arguments. The file "pid" is how it is ended from elsewhere.
run_bare() {
  [ ! -e leaving ] || return 143
  {
    for one in $(compgen -e); do unset "$one"; done
    export "@environment@"
    exec "$@"
  } </dev/null 2>>log &
  echo "$!" >pid
  wait "$!"
  local code=$?
  : >pid
  return "$code"
}
end_program() { if [ -s pid ]; then kill "$(cat pid)"; fi 2>/dev/null; }

# What machines before have copied of the list need not be looked at again.
without_copied() {
  look "$list.copied" copied || : >copied
  [ -s copied ] || return 0
  grep -vxF -f copied names >rest
  mv rest names
}

copy_names() {
  [ "$copy" != - ] || return 0
  fetch_names names "$copy" "$copy_lines"
  without_copied
  # An empty list is everything to some of its versions.
  [ -s names ] || return 0
  names_of names
  flags=(copy "@named@" "@common@" --log-level INFO --checksum --immutable --no-traverse --retries 1
    --transfers "$transfers" --buffer-size "$buffer")
  # Between two S3 stores it brings most of what stands beside the bytes.
  if has metadata; then flags+=(--metadata); fi
  if has s3-upload-concurrency; then flags+=(--s3-upload-concurrency "$upload_concurrency"); fi
  if has s3-chunk-size; then flags+=(--s3-chunk-size "$chunk"); fi
  if has max-buffer-memory; then flags+=(--max-buffer-memory "$buffer_memory"); fi
  run_bare "$rclone" "@flags@" -- "$from" "$to" >out
}

# Puts the mover where it is run from; it may not be needed at all.
ready_mover() {
  command -v python3 >/dev/null || fail 127 python-missing
  [ -e mover.py ] || mover >mover.py
}

# Carries what rclone would leave behind or change. Each line of the results has an object; those of machines before are kept.
move_objects() {
  local code
  [ "$move" != - ] || return 0
  ready_mover
  fetch_names moving "$move" "$move_lines"
  look "$list.moved" before || : >before
  : >results
  run_bare python3 "$work/mover.py" "$work/moving" "$work/results" "$work/moved-figures"
  code=$?
  cat before results >moved
  grep -o '"cause": "[a-z-]*"' results | cut -d '"' -f 4 >>kinds
  [ -e leaving ] || keep "list-$list-moved.ndjson" application/x-ndjson @moved
  return "$code"
}

# Objects that no listing will prove are read, whole: a line each, its MD5 and its name, as the report of the list's end.
read_back() {
  [ "$2" != - ] || return 0
  fetch_names "$1-names" "$2" "$3"
  if [ "$1" = target ]; then name_writings; fi
  names_of "$1-names"
  # What cannot be read is left out, and not proved.
  run_bare "$rclone" hashsum MD5 --download "@named@" "@common@" -- "$4" >"$1.sums"
  # Half of them, kept now, would stand in the way of all of them.
  [ -e leaving ] || keep "list-$list-$1.sums" text/plain "@$1.sums"
}

# What is written after this is another object than the one that is read.
name_writings() {
  ready_mover
  : >writings
  run_bare python3 "$work/mover.py" --writings "$work/target-names" "$work/writings"
  [ -e leaving ] || keep "list-$list-target.writings" application/x-ndjson @writings
}

# Leaves what was copied for the machine after this one.
leave_list() {
  copied_names <log >>copied
  if look "$list.copied" before && [ -s copied ]; then swap "$list.copied" @copied; fi
  if look "$list.moved" before && [ -s moved ]; then swap "$list.moved" @moved; fi
  release left
}

# Copies the list that was taken. 1: nothing of it could be copied.
do_list() {
  local code renewing
  : >log
  : >kinds
  : >copied
  : >moved
  : >moved-figures
  common=(--use-json-log --stats "$every"s --stats-log-level NOTICE --checkers "$checkers")
  renew_lease &
  renewing=$!
  copy_names
  code=$?
  move_objects || code=$?
  if [ ! -e leaving ] && { [ "$code" = 0 ] || [ "$code" = 9 ]; }; then
    read_back source "$source" "$source_lines" "$from"
    read_back target "$target" "$target_lines" "$to"
  fi
  kill "$renewing" 2>/dev/null
  wait "$renewing" 2>/dev/null
  if [ -e leaving ]; then
    leave_list
    return 0
  fi
  if [ "$code" = 0 ] || [ "$code" = 9 ]; then
    report_list done "{\"v\":1,\"state\":\"done\",\"exit\":$code,$(figures)}"
    release ended
    return 0
  fi
  look "$list" lease
  # Another machine has the list by now.
  grep -q "^taken $shard-$attempt " lease || return 0
  report_list failed "{\"v\":1,\"state\":\"failed\",\"exit\":$code,\"why\":\"rclone\",\"causes\":{$(causes)},$(figures)}"
  release ended
  copied_names <log >>copied
  grep -E '"state": "(copied|deleted)"' moved >>copied
  [ -s copied ]
}

# What is replaced there is only shown: who comes late harms nobody.
tell_progress() {
  while sleep "$every"; do
    bound_log
    authorised --request POST --header 'Content-Type: application/json' --output /dev/null \
      --data-binary "{\"v\":1,\"state\":\"progress\",$(figures)}" \
      "$upload&name=$leases/machine-$shard-$attempt.json"
  done
}
# rclone ends its uploads itself when it is told to go.
heed_notice() {
  while sleep 1; do
    [ "$(metadata instance/preempted)" = TRUE ] || continue
    : >leaving
    report preempted "{\"v\":1,\"state\":\"preempted\",$(figures)}"
    # Again and again: one may be about to begin.
    while :; do
      end_program
      sleep 1
    done
  done
}

buffer_memory=$(attribute buffer-memory)
heed_notice &
heeding=$!
lists=0
while [ ! -e leaving ]; do
  if take_list; then
    lists=$((lists + 1))
    tell_progress &
    telling=$!
    do_list
    copied_some=$?
    kill "$telling" 2>/dev/null
    [ "$copied_some" = 0 ] || fail 70 nothing-copied
  elif [ "$lists" = 0 ] && [ -n "$until" ]; then
    # It was made for a list that another machine has perhaps let lie.
    lists=1
    sleep $((until - $(date +%s) + 1))
  else
    break
  fi
done
kill "$heeding" 2>/dev/null
[ -e leaving ] || report done "{\"v\":1,\"state\":\"done\",\"exit\":0,$(figures)}"
`
  .replace(/"@(environment|flags|named|common)@"/g, `"\${$1[@]}"`)
  .replace("@mover@", () => moverProgram);
