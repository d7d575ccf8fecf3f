// Part of the start-up script: how far it is, how its machine does, and why objects failed, without any of their names.

export const figures = String.raw`# The end of the log says how far rclone is with the list: a line of a hundred objects on their way has some 40 kB.
figures() {
  local end bytes objects
  end=$(tail -c 262144 log 2>/dev/null)
  bytes=$(grep -o '"stats":{"bytes":[0-9]*' <<<"$end" | tail -n 1 | sed 's/.*://')
  objects=$(grep -o '"transfers":[0-9]*' <<<"$end" | tail -n 1 | sed 's/.*://')
  printf '"list":"%s","bytes":%s,"objects":%s,"rclone":"%s"%s' "$(cat in-hand)" "$((bytes + $(of_mover bytes)))" \
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

`;
