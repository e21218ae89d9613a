#!/bin/sh
# Prints the Python of a virtual environment with python-tuf, which is made first when it is missing.
# ESKY_TEST_VENV names one that is there already; the default is below the folder given.
set -eu
venv=${ESKY_TEST_VENV:-$1/test-venv}
if ! "$venv/bin/python" -c 'import tuf, cryptography' 2>/dev/null; then
  mkdir -p "$(dirname "$venv")"
  exec 9>"$venv.lock"
  flock 9
  if ! "$venv/bin/python" -c 'import tuf, cryptography' 2>/dev/null; then
    python3 -m venv "$venv" >&2
    "$venv/bin/pip" install --quiet --disable-pip-version-check 'tuf==7.*' cryptography >&2
  fi
fi
echo "$venv/bin/python"
