# What the tests need beside a Rust toolchain and a C compiler. Sourced by tests/run.

missing=()
deny_version=0.20.2

has() { command -v "$1" >/dev/null 2>&1; }

# need_package COMMAND PACKAGE: Debian's package, unless the command is there.
need_package() {
  if ! has "$1"; then missing+=("$2"); fi
}

need_rust() {
  if ! has cargo; then refuse "no cargo here: install a Rust toolchain with rustup (rustup.rs)"; fi
  if ! has cc; then refuse "no C compiler here: install one (Debian: apt-get install build-essential)"; fi
  if ! cargo fmt --version >/dev/null 2>&1 || ! cargo clippy --version >/dev/null 2>&1; then
    if ! has rustup; then refuse "rustfmt and clippy are missing: install both with the Rust toolchain"; fi
    rustup component add rustfmt clippy
  fi
}

# The server programs are not on the PATH in Debian: the newest version that is installed counts.
postgres_bin() {
  local folder
  folder=$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
  if [[ -n $folder && -x $folder/initdb ]]; then
    echo "$folder"
  elif has initdb; then
    dirname "$(command -v initdb)"
  fi
}

need_postgres() {
  if [[ -z $(postgres_bin) ]]; then missing+=(postgresql); fi
  need_package psql postgresql-client
}

need_python_venv() {
  need_package python3 python3
  if ! python3 -c 'import ensurepip, venv' >/dev/null 2>&1; then missing+=(python3-venv); fi
}

# Without a face that has the stacked marks, pictures of pages would show boxes.
need_vietnamese_font() {
  need_package fc-list fontconfig
  if ! has fc-list || [[ -z $(fc-list :lang=vi) ]]; then missing+=(fonts-dejavu-core); fi
}

install_packages() {
  if ((${#missing[@]} == 0)); then return; fi
  if [[ $(id -u) != 0 ]] || ! has apt-get; then
    refuse "missing here: ${missing[*]}; install them (Debian: sudo apt-get install ${missing[*]}) and start again"
  fi
  echo "installing ${missing[*]}"
  local options=(-y -qq --no-install-recommends)
  # A machine of continuous integration is thrown away, so its packages need not survive a power cut.
  if [[ ${CI:-} == true ]]; then options+=(-o DPkg::Options::=--force-unsafe-io); fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install "${options[@]}" "${missing[@]}" >"$scratch/apt.log" 2>&1 || {
    tail -n 20 "$scratch/apt.log"
    return 1
  }
}

# cargo-deny, built once without optimising: that takes a little over a minute, and it runs for three seconds.
cargo_deny() { "$(deny_program)" --log-level error "$@"; }

deny_program() {
  local program
  for program in "$tools/bin/cargo-deny" "$(command -v cargo-deny || true)"; do
    if [[ -x $program && $("$program" --version 2>/dev/null) == "cargo-deny $deny_version" ]]; then
      echo "$program"
      return
    fi
  done
}

install_cargo_deny() {
  if [[ -n $(deny_program) ]]; then return; fi
  echo "building cargo-deny $deny_version"
  CARGO_PROFILE_DEV_DEBUG=0 CARGO_TARGET_DIR=$scratch/deny \
    cargo install cargo-deny --version "$deny_version" --locked --debug --quiet --no-track --root "$tools"
}

# Programs the tests are checked against from outside: a local S3 and a local SMTP.
install_python_tools() {
  local wanted=tests/support/requirements.txt venv=$tools/venv
  if cmp -s "$wanted" "$venv/installed.txt" && "$venv/bin/python" -c '' 2>/dev/null; then return; fi
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --requirement "$wanted"
  cp "$wanted" "$venv/installed.txt"
}

# Locked npm packages; none of them brings a browser.
install_browser_tools() {
  local folder=tests/browser
  if cmp -s "$folder/package-lock.json" "$folder/node_modules/.installed"; then return; fi
  (cd "$folder" && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error)
  cp "$folder/package-lock.json" "$folder/node_modules/.installed"
}
