# The servers the tests talk to: each private to this run and gone after it. Sourced by tests/run.

postgres_dir= postgres_as=() outside_pid=

# Where to keep what nobody misses after the run: thousands of small databases are made, synced and thrown away.
short_lived() {
  local free
  free=$(df --output=avail --block-size=1M /dev/shm 2>/dev/null | tail -n 1)
  if [[ -w /dev/shm && ${free:-0} -ge 3072 ]] && (($(awk '/^MemAvailable/ { print int($2 / 1024) }' /proc/meminfo) >= 3072)); then
    echo /dev/shm
  else
    echo /tmp
  fi
}

# PostgreSQL on a socket in a folder of its own, no network. `initdb` refuses root, so root lends it another user.
# Nothing here has to survive a power cut, hence no fsync; POSTGRES_DURABLE=1 leaves it on, for who measures.
start_postgres() {
  local bin owner
  bin=$(postgres_bin)
  # What is to be durable lies on a disk, not in memory.
  local base
  base=$(if [[ -n ${POSTGRES_DURABLE:-} ]]; then echo "${TMPDIR:-/tmp}"; else short_lived; fi)
  postgres_dir=$(mktemp -d "$base/nongcot-pg.XXXXXX")
  if [[ $(id -u) == 0 ]]; then
    owner=nobody
    if id postgres >/dev/null 2>&1; then owner=postgres; fi
    chown "$owner" "$postgres_dir"
    postgres_as=(runuser -u "$owner" --)
  fi
  (
    cd "$postgres_dir"
    "${postgres_as[@]}" "$bin/initdb" --pgdata=data --username=postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 \
      --no-sync >init.log
    cat >>data/postgresql.conf <<CONF
listen_addresses = ''
unix_socket_directories = '$postgres_dir'
max_connections = 300
shared_buffers = 256MB
CONF
    if [[ -z ${POSTGRES_DURABLE:-} ]]; then
      printf '%s = off\n' fsync synchronous_commit full_page_writes >>data/postgresql.conf
    fi
    "${postgres_as[@]}" "$bin/pg_ctl" start --pgdata=data --log=server.log --wait --silent || {
      cat server.log
      exit 1
    }
  )
  export TEST_POSTGRES_URL="postgresql:///postgres?host=$postgres_dir&user=postgres"
  psql "$TEST_POSTGRES_URL" --no-psqlrc --quiet --tuples-only --no-align --command="SHOW server_version"
}

# A local S3 and a local SMTP, one small program; it writes its addresses into a file once both answer.
start_outside() {
  local addresses=$scratch/outside.env waited=0
  "$tools/venv/bin/python" tests/support/outside.py "$addresses" "$scratch/mail" >"$scratch/outside.log" 2>&1 &
  outside_pid=$!
  until [[ -s $addresses ]]; do
    if ! kill -0 "$outside_pid" 2>/dev/null || ((waited++ >= 300)); then
      cat "$scratch/outside.log"
      return 1
    fi
    sleep 0.1
  done
  set -a
  source "$addresses"
  set +a
  export TEST_PYTHON=$tools/venv/bin/python
  echo "$TEST_S3_URL $TEST_SMTP_URL"
}

stop_servers() {
  if [[ -n $outside_pid ]]; then
    kill "$outside_pid" 2>/dev/null || true
    wait "$outside_pid" 2>/dev/null || true
  fi
  if [[ -n $postgres_dir ]]; then
    (cd "$postgres_dir" && "${postgres_as[@]}" "$(postgres_bin)/pg_ctl" stop --pgdata=data --mode=immediate --silent) || true
    rm -rf "$postgres_dir"
  fi
}
