// Part of the start-up script: both ends for rclone and the mover, and the two programs themselves.

export const ends = String.raw`environment=(PATH="$PATH" HOME="$work" TMPDIR="$work" RCLONE_CONFIG=/dev/null)
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

`;
