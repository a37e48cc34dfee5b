package dev.kapal.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.agent.probe.ProbeKind;
import dev.kapal.agent.probe.Verdict;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PodPlanTest {
    /// What is planned for a pod with the init containers `a`, the sidecar `s` and the app containers `x` and `y`.
    /// `seen` is drawn as `name:state`, with `run`, `new`, or the exit code.
    record Case(String name, String policy, String seen, String planned) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case("init first", "Always", "", "start a"),
                new Case("nothing while init runs", "Always", "a:run", ""),
                new Case("init failed", "Always", "a:1", "start a"),
                new Case("init failed for good", "Never", "a:1", "over"),
                new Case("sidecar after init", "Always", "a:0", "start s"),
                new Case("apps together", "Always", "a:0 s:run", "start x start y"),
                new Case("all run", "Always", "a:0 s:run x:run y:run", ""),
                new Case("an app ended", "Always", "a:0 s:run x:0 y:run", "start x"),
                new Case("an app failed", "OnFailure", "a:0 s:run x:1 y:run", "start x"),
                new Case("an app succeeded", "OnFailure", "a:0 s:run x:0 y:run", ""),
                new Case("one of two is done", "Never", "a:0 s:run x:1 y:run", ""),
                new Case("all are done", "Never", "a:0 s:run x:1 y:0", "over"),
                new Case("all have succeeded", "OnFailure", "a:0 s:run x:0 y:0", "over"),
                new Case("all start again", "Always", "a:0 s:run x:0 y:0", "start x start y"),
                new Case("a sidecar always restarts", "Never", "a:0 s:1 x:run y:run", "start s"),
                new Case("init is not asked again", "Always", "s:run x:run y:run", ""),
                new Case("created only", "Always", "a:0 s:run x:new y:run", "start x"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void plansTheDifference(Case given) {
        var plan = PodPlan.of(pod(given.policy()), seen(given.seen(), "sandbox"), Verdicts.NONE);
        assertThat(words(plan)).isEqualTo(given.planned());
    }

    @Test
    void aPodWithoutSandboxGetsOne() {
        assertThat(words(PodPlan.of(pod("Always"), ObservedPod.NOTHING, Verdicts.NONE)))
                .isEqualTo("sandbox");
    }

    @Test
    void aPodWhoseSandboxIsGoneStartsAllOverUnlessItMustNotRestart() {
        var lost = new ObservedPod(List.of(), seen("a:0 x:137 y:137", "old").containers());
        assertThat(words(PodPlan.of(pod("Always"), lost, Verdicts.NONE))).isEqualTo("sandbox");
        assertThat(words(PodPlan.of(pod("Never"), lost, Verdicts.NONE))).isEqualTo("over");
        var again = new ObservedPod(List.of(sandbox("new")), lost.containers());
        assertThat(words(PodPlan.of(pod("Always"), again, Verdicts.NONE))).isEqualTo("start a");
    }

    @Test
    void aFailedLivenessProbeMeansANewContainer() {
        var observed = seen("a:0 s:run x:run y:run", "sandbox");
        var id = observed.latest("x").orElseThrow().id();
        var verdicts = new Verdicts(Map.of(id, new Verdict(true, true, Optional.of(ProbeKind.LIVENESS))));
        var plan = PodPlan.of(pod("Always"), observed, verdicts);
        assertThat(words(plan)).isEqualTo("kill x start x");
        assertThat(plan.kills().getFirst().message()).isEqualTo("Container x failed liveness probe, will be restarted");
        assertThat(words(PodPlan.of(pod("Never"), observed, verdicts))).isEqualTo("kill x");
    }

    @Test
    void aChangedImageMeansANewContainer() {
        var pod = pod("Never")
                .edit()
                .editSpec()
                .editContainer(0)
                .withImage("other:2")
                .endContainer()
                .endSpec()
                .build();
        var plan = PodPlan.of(pod, seen("a:0 s:run x:run y:run", "sandbox"), Verdicts.NONE);
        assertThat(words(plan)).isEqualTo("kill x start x");
        assertThat(plan.kills().getFirst().message()).isEqualTo("Container x definition changed, will be restarted");
    }

    @Test
    void aSidecarThatHasNotStartedHoldsTheOthersBack() {
        var observed = seen("a:0 s:run", "sandbox");
        var id = observed.latest("s").orElseThrow().id();
        var verdicts = new Verdicts(Map.of(id, new Verdict(false, false, Optional.empty())));
        assertThat(PodPlan.of(pod("Always"), observed, verdicts).isEmpty()).isTrue();
    }

    private static String words(PodPlan plan) {
        var words = new ArrayList<String>();
        if (plan.createSandbox()) {
            words.add("sandbox");
        }
        plan.kills().forEach(kill -> words.add("kill " + kill.container().name()));
        plan.starts().forEach(member -> words.add("start " + member.name()));
        if (plan.over()) {
            words.add("over");
        }
        return String.join(" ", words);
    }

    private static Pod pod(String policy) {
        return Pods.empty("p")
                .editSpec()
                .withRestartPolicy(policy)
                .addNewInitContainer()
                .withName("a")
                .withImage("demo:1")
                .endInitContainer()
                .addNewInitContainer()
                .withName("s")
                .withImage("demo:1")
                .withRestartPolicy("Always")
                .endInitContainer()
                .addNewContainer()
                .withName("x")
                .withImage("demo:1")
                .endContainer()
                .addNewContainer()
                .withName("y")
                .withImage("demo:1")
                .endContainer()
                .endSpec()
                .build();
    }

    private static ObservedPod seen(String drawing, String sandbox) {
        var containers = new ArrayList<ObservedContainer>();
        for (var word : drawing.isEmpty() ? new String[0] : drawing.split(" ")) {
            var parts = word.split(":");
            containers.add(Observed.container(parts[0], parts[1], sandbox, 0));
        }
        return new ObservedPod(List.of(sandbox(sandbox)), containers);
    }

    private static ObservedSandbox sandbox(String id) {
        return new ObservedSandbox(id, 0, true, Instant.EPOCH, List.of("10.244.0.9"), false);
    }
}
