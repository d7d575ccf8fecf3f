// Part of the start-up script: lists are taken from the board, held by a lease, and let go.

export const lists = String.raw`# Takes the first list of the board that nobody works on: one that is new, that its machine has left, or has said nothing of for too long.
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
    echo "$key" >in-hand
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

`;
