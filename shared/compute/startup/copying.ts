// Part of the start-up script: a list is copied, what rclone cannot carry is moved, and what no listing proves is read back.

export const copying = String.raw`# A file of names from the ledger, whole.
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

`;
