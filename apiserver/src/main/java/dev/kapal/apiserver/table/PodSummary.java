package dev.kapal.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.HashSet;
import java.util.Set;

/// The state of a pod in a few words: the first thing that keeps it from running decides.
///
/// @param reason `Running`, `CrashLoopBackOff`, `Init:0/1`, `Terminating`
/// @param lastRestart when the last container ended that was restarted, empty when none was
record PodSummary(int ready, int total, String reason, int restarts, String lastRestart) {

    static PodSummary of(JsonNode pod) {
        return new Reading(pod).read();
    }

    /// Looks at one pod once.
    private static final class Reading {
        private final JsonNode pod;
        private final JsonNode status;
        private final Set<String> sidecars = new HashSet<>();
        private int ready;
        private String reason;
        private int restarts;
        private String lastRestart = "";
        private int sidecarRestarts;
        private String lastSidecarRestart = "";

        Reading(JsonNode pod) {
            this.pod = pod;
            this.status = pod.path("status");
            this.reason = Cells.or(status.path("reason"), status.path("phase").asText(""));
        }

        PodSummary read() {
            if (condition("PodScheduled").path("reason").asText().equals("SchedulingGated")) {
                reason = "SchedulingGated";
            }
            for (var container : pod.path("spec").path("initContainers")) {
                if (container.path("restartPolicy").asText().equals("Always")) {
                    sidecars.add(container.path("name").asText());
                }
            }
            boolean initializing = readInitContainers();
            if (!initializing || isTrue("Initialized")) {
                restarts = sidecarRestarts;
                lastRestart = lastSidecarRestart;
                readContainers();
            }
            readDeletion();
            int total = pod.path("spec").path("containers").size() + sidecars.size();
            return new PodSummary(ready, total, reason, restarts, lastRestart);
        }

        /// Answers whether an init container has yet to finish.
        private boolean readInitContainers() {
            int index = 0;
            for (var container : status.path("initContainerStatuses")) {
                boolean sidecar = sidecars.contains(container.path("name").asText());
                count(container);
                if (sidecar) {
                    sidecarRestarts += container.path("restartCount").asInt(0);
                    lastSidecarRestart = later(lastSidecarRestart, container);
                }
                var state = container.path("state");
                if (!isDone(state)) {
                    if (!sidecar || !container.path("started").asBoolean()) {
                        reason = initReason(state, index);
                        return true;
                    }
                    if (container.path("ready").asBoolean()) {
                        ready++;
                    }
                }
                index++;
            }
            return false;
        }

        private static boolean isDone(JsonNode state) {
            return state.has("terminated")
                    && state.get("terminated").path("exitCode").asInt(0) == 0;
        }

        private String initReason(JsonNode state, int index) {
            if (state.has("terminated")) {
                return "Init:" + terminated(state.get("terminated"));
            }
            var waiting = state.path("waiting").path("reason").asText("");
            return waiting.isEmpty() || waiting.equals("PodInitializing")
                    ? "Init:" + index + "/"
                            + pod.path("spec").path("initContainers").size()
                    : "Init:" + waiting;
        }

        private void readContainers() {
            boolean running = false;
            var containers = status.path("containerStatuses");
            for (int i = containers.size() - 1; i >= 0; i--) {
                var container = containers.get(i);
                count(container);
                var state = container.path("state");
                var waiting = state.path("waiting").path("reason").asText("");
                if (!waiting.isEmpty()) {
                    reason = waiting;
                } else if (state.has("terminated")) {
                    reason = terminated(state.get("terminated"));
                } else if (container.path("ready").asBoolean() && state.has("running")) {
                    running = true;
                    ready++;
                }
            }
            if (reason.equals("Completed") && running) {
                reason = isTrue("Ready") ? "Running" : "NotReady";
            }
        }

        private void readDeletion() {
            if (!pod.path("metadata").has("deletionTimestamp")) {
                return;
            }
            var phase = status.path("phase").asText();
            if (status.path("reason").asText().equals("NodeLost")) {
                reason = "Unknown";
            } else if (!phase.equals("Succeeded") && !phase.equals("Failed")) {
                reason = "Terminating";
            }
        }

        private void count(JsonNode container) {
            restarts += container.path("restartCount").asInt(0);
            lastRestart = later(lastRestart, container);
        }

        private static String later(String known, JsonNode container) {
            var finished = container
                    .path("lastState")
                    .path("terminated")
                    .path("finishedAt")
                    .asText("");
            return finished.compareTo(known) > 0 ? finished : known;
        }

        private static String terminated(JsonNode terminated) {
            var why = terminated.path("reason").asText("");
            if (!why.isEmpty()) {
                return why;
            }
            int signal = terminated.path("signal").asInt(0);
            return signal != 0
                    ? "Signal:" + signal
                    : "ExitCode:" + terminated.path("exitCode").asInt(0);
        }

        private JsonNode condition(String type) {
            for (var condition : status.path("conditions")) {
                if (condition.path("type").asText().equals(type)) {
                    return condition;
                }
            }
            return MissingNode.getInstance();
        }

        private boolean isTrue(String type) {
            return condition(type).path("status").asText("").equals("True");
        }
    }
}
