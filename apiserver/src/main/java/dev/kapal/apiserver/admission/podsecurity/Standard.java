package dev.kapal.apiserver.admission.podsecurity;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// The Pod Security Standards: which checks a level has in which version. The order within each list is that of
/// upstream's messages. Stateless.
///
/// Source: Kubernetes documentation, Pod Security Standards; enhancement 2579.
final class Standard {
    private Standard() {}

    /// @param since the minor version from which on the check counts
    /// @param until the first minor version in which another one has taken its place
    /// @param overridden the first minor version in which the restricted level has a stricter check of the same
    record Check(int since, int until, int overridden, Function<PodView, Optional<Violation>> look) {
        static Check since(int since, Function<PodView, Optional<Violation>> look) {
            return new Check(since, LevelVersion.LATEST, LevelVersion.LATEST, look);
        }

        Check until(int minor) {
            return new Check(since, minor, overridden, look);
        }

        Check overriddenSince(int minor) {
            return new Check(since, until, minor, look);
        }

        boolean counts(int minor) {
            return since <= minor && minor < until;
        }
    }

    private static final List<Check> BASELINE = List.of(
            Check.since(0, BaselineChecks::appArmor),
            Check.since(0, BaselineChecks::capabilities).overriddenSince(22),
            Check.since(0, BaselineChecks::hostNamespaces),
            Check.since(0, BaselineChecks::hostPathVolumes).overriddenSince(0),
            Check.since(0, BaselineChecks::hostPorts),
            Check.since(34, BaselineChecks::hostProbes),
            Check.since(0, BaselineChecks::privileged),
            Check.since(0, BaselineChecks::procMount),
            Check.since(0, pod -> BaselineChecks.seLinux(pod, false)).until(31),
            Check.since(31, pod -> BaselineChecks.seLinux(pod, true)),
            Check.since(0, BaselineChecks::seccompAnnotations).until(19),
            Check.since(19, BaselineChecks::seccomp).overriddenSince(19),
            Check.since(0, pod -> BaselineChecks.sysctls(pod, 0)).until(27),
            Check.since(27, pod -> BaselineChecks.sysctls(pod, 27)).until(29),
            Check.since(29, pod -> BaselineChecks.sysctls(pod, 29)).until(32),
            Check.since(32, pod -> BaselineChecks.sysctls(pod, 32)),
            Check.since(0, BaselineChecks::hostProcess));

    private static final List<Check> RESTRICTED = List.of(
            Check.since(8, RestrictedChecks::allowPrivilegeEscalation).until(25),
            Check.since(25, unlessWindows(RestrictedChecks::allowPrivilegeEscalation)),
            Check.since(22, RestrictedChecks::capabilities).until(25),
            Check.since(25, unlessWindows(RestrictedChecks::capabilities)),
            Check.since(0, RestrictedChecks::volumes),
            Check.since(0, RestrictedChecks::runAsNonRoot),
            Check.since(23, RestrictedChecks::runAsUser),
            Check.since(19, RestrictedChecks::seccomp).until(25),
            Check.since(25, unlessWindows(RestrictedChecks::seccomp)));

    /// Everything about `pod` that the policy does not allow.
    static List<Violation> violations(LevelVersion policy, PodView pod) {
        int minor = Math.min(policy.minor(), LevelVersion.CURRENT);
        return switch (policy.level()) {
            case PRIVILEGED -> List.of();
            case BASELINE -> found(BASELINE.stream().filter(check -> check.counts(minor)), pod);
            case RESTRICTED -> {
                var baseline = BASELINE.stream().filter(check -> check.counts(minor) && minor < check.overridden());
                var restricted = RESTRICTED.stream().filter(check -> check.counts(minor));
                yield found(Stream.concat(baseline, restricted), pod);
            }
        };
    }

    private static List<Violation> found(Stream<Check> checks, PodView pod) {
        return checks.map(check -> check.look().apply(pod))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Function<PodView, Optional<Violation>> unlessWindows(Function<PodView, Optional<Violation>> look) {
        return pod -> pod.isWindows() ? Optional.empty() : look.apply(pod);
    }
}
