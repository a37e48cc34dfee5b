# Sourced by ./kapal for `./kapal test`: installs what the tests need, builds, runs all of them, prints the counts.

packages=(containerd runc containernetworking-plugins nftables iptables iproute2 conntrack util-linux curl)

# As root the stories run on real containers. Without root they are left out, by name.
if [ "$(id -u)" = 0 ]; then
  missing=()
  for package in "${packages[@]}"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  if [ ${#missing[@]} -gt 0 ]; then
    echo "kapal: installing ${missing[*]}" >&2
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null \
      || fail "could not install ${missing[*]}; install them and run this again."
  fi
  # Debian's kubectl (1.20) is unpacked, not installed: a machine may have another kubectl at that place.
  if [ ! -x "$work/tools/kubectl-debian" ]; then
    mkdir -p "$work/tools"
    fetch=$(mktemp -d)
    (cd "$fetch" && apt-get download -qq kubernetes-client 2>/dev/null && dpkg-deb -x kubernetes-client_*.deb . \
      && install -m 0755 usr/bin/kubectl "$work/tools/kubectl-debian") \
      || { apt-get update -qq; (cd "$fetch" && apt-get download -qq kubernetes-client && dpkg-deb -x kubernetes-client_*.deb . \
      && install -m 0755 usr/bin/kubectl "$work/tools/kubectl-debian"); } \
      || fail "could not fetch Debian's kubernetes-client, which the stories use."
    rm -rf "$fetch"
  fi
else
  echo "kapal: not root: left out are all tests that start containers or make network namespaces (JUnit tag 'root')." >&2
fi

build
touch "$work/test.started"
# Maven's own code decides; the counts are added up over all modules for the closing line.
set +e
KAPAL_SKIP_BUILD=1 run_maven verify -fae -Dmaven.test.failure.ignore=true -Dstyle.color=never "$@"
code=$?
set -e

count() { # sum of one attribute of the <testsuite> elements
  find "$root" -path '*/target/surefire-reports/TEST-*.xml' -newer "$work/test.started" -exec \
    sed -n "s/^<testsuite .*[[:space:]]$1=\"\([0-9]*\)\".*/\1/p" {} + | awk '{s+=$1} END {print s+0}'
}
tests=$(count tests) failed=$(($(count failures) + $(count errors))) skipped=$(count skipped)
echo "$((tests - failed - skipped)) passed, $failed failed, $skipped skipped"
[ "$tests" -gt 0 ] || { echo "kapal: no test ran" >&2; exit 1; }
[ "$failed" -eq 0 ] || exit 1
exit $code
