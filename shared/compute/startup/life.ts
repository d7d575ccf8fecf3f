// Part of the start-up script: list after list, until there is none or the machine is taken away.

export const life = String.raw`# What is replaced there is only shown: who comes late harms nobody.
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
`;
