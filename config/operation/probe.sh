#!/bin/bash
# Asks a worker whether mail flows, without starting a Node for it: exit 0 only where it says so.
#   probe.sh [port] [path]
set -euo pipefail
port=${1:-9464}
path=${2:-/readyz}
exec 3<> "/dev/tcp/127.0.0.1/$port"
printf 'GET %s HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' "$path" >&3
IFS= read -r -t 8 status <&3
[[ $status == HTTP/1.?\ 200* ]]
