#!/bin/sh
# Installs the independent peers that the round-trip tests talk to: a RabbitMQ server, librdkafka's
# mock Kafka broker, Python's gRPC, netdata (its statsd server) and OpenSSL for certificates. Never fails the run: a test whose peer is absent is skipped.
set -u

packages="rabbitmq-server python3-confluent-kafka python3-grpcio netdata-core openssl"

list_missing() {
  for package in $packages; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$' ||
      printf '%s ' "$package"
  done
}

command -v dpkg-query >/dev/null 2>&1 || {
  echo "install-peers: not a Debian system, install by hand: $packages"
  exit 0
}

missing=$(list_missing)
[ -z "$missing" ] && {
  echo "install-peers: all present"
  exit 0
}

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
  echo "install-peers: not root or no apt-get, missing: $missing"
  exit 0
fi

# 101 tells Debian's maintainer scripts not to start the service; the tests start their own on
# loopback. A policy that the machine already has is left alone.
policy=/usr/sbin/policy-rc.d
written_policy=""
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy" && written_policy=yes
fi
remove_policy() {
  [ -n "$written_policy" ] && rm -f "$policy"
}
trap remove_policy EXIT
trap 'exit 0' HUP INT TERM

log=$(mktemp)
export DEBIAN_FRONTEND=noninteractive
install() {
  # shellcheck disable=SC2086 # one word per package
  timeout 600 apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=120 \
    $missing >"$log" 2>&1
}
install || { timeout 300 apt-get update -qq >>"$log" 2>&1 && install; } || tail -n 5 "$log"
rm -f "$log"

missing=$(list_missing)
if [ -z "$missing" ]; then
  echo "install-peers: all installed"
else
  echo "install-peers: still missing: $missing"
fi
exit 0
