package dev.kapal.apiserver.flow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.Loopback;
import dev.kapal.base.life.Life;
import dev.kapal.base.log.Log;
import dev.kapal.base.time.Time;
import dev.kapal.http.Handler;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.codec.Times;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Keeps the flow schemas and priority levels that every cluster has, says of each schema whether its level exists, and
/// lends seats between levels. One thread, every ten seconds; objects are looked at when one of them has changed.
public final class FlowKeeper implements AutoCloseable {
    private static final Log log = Log.of(FlowKeeper.class);
    private static final Duration PERIOD = Duration.ofSeconds(10);
    private static final String BASE = "/apis/flowcontrol.apiserver.k8s.io/v1/";

    private final FlowConfig config;
    private final FlowMetrics metrics;
    private final Loopback server;
    private final Duration pause;
    private final Time time;
    private volatile boolean kept;

    /// @param pause between the first objects and what is said of them
    FlowKeeper(FlowConfig config, FlowMetrics metrics, Handler handler, Duration pause, Time time) {
        this.config = config;
        this.metrics = metrics;
        this.server = new Loopback(handler);
        this.pause = pause;
        this.time = time;
    }

    /// Whether the objects of every cluster have been there once.
    public boolean hasKept() {
        return kept;
    }

    void run() throws InterruptedException {
        var smooth = new HashMap<String, Double>();
        Set<String> shown = new HashSet<>();
        FlowConfig.Image seen = null;
        while (true) {
            var image = config.current();
            image.lanes().keySet().stream().filter(shown::add).forEach(name -> metrics.show(name, config));
            if (image != seen) {
                try {
                    keep();
                    if (!kept) {
                        kept = true;
                        time.sleep(pause);
                    }
                    conditions();
                    seen = image;
                } catch (IOException refused) {
                    log.warn("flow control objects cannot be kept", "why", refused.getMessage());
                }
            }
            time.sleep(PERIOD);
            config.lend(smooth);
        }
    }

    private void keep() throws IOException, InterruptedException {
        var present = present();
        var answers = new HashMap<DefaultObjects.Default, Loopback.Answer>();
        try (var life = new Life("flow-objects")) {
            var threads = new ArrayList<Thread>();
            for (var wanted : DefaultObjects.all()) {
                var found = Optional.ofNullable(present.get(wanted.plural() + "/" + wanted.name()));
                threads.add(life.start(wanted.name(), () -> {
                    var answer = ensure(wanted, found);
                    synchronized (answers) {
                        answer.ifPresent(told -> answers.put(wanted, told));
                    }
                }));
            }
            for (var thread : threads) {
                thread.join();
            }
        }
        for (var answer : answers.entrySet()) {
            if (answer.getValue().status() >= 300 && answer.getValue().status() != 409) {
                throw new IOException(
                        answer.getKey().name() + ": " + answer.getValue().message());
            }
        }
    }

    /// What there is, by plural and name.
    private Map<String, ObjectNode> present() throws IOException, InterruptedException {
        var present = new HashMap<String, ObjectNode>();
        for (var plural : DefaultObjects.PLURALS) {
            for (var item : items(plural)) {
                present.put(plural + "/" + item.path("metadata").path("name").asText(), item);
            }
        }
        return present;
    }

    private List<ObjectNode> items(String plural) throws IOException, InterruptedException {
        var list = server.call("GET", BASE + plural, "");
        if (list.status() >= 300) {
            throw new IOException(plural + ": " + list.message());
        }
        var items = new ArrayList<ObjectNode>();
        for (var item : list.document().path("items")) {
            items.add(DefaultObjects.typed((ObjectNode) item, plural));
        }
        return items;
    }

    /// Answers what the server said to a write; empty when none was needed.
    private Optional<Loopback.Answer> ensure(DefaultObjects.Default wanted, Optional<ObjectNode> found)
            throws IOException, InterruptedException {
        if (found.isEmpty()) {
            return Optional.of(server.call("POST", BASE + wanted.plural(), Documents.text(wanted.document())));
        }
        var renewed = renewed(wanted, found.get());
        if (renewed.isEmpty()) {
            return Optional.empty();
        }
        String path = BASE + wanted.plural() + "/" + wanted.name();
        return Optional.of(server.call("PUT", path, Documents.text(renewed.get())));
    }

    /// The object as it should be; empty when it is. Pure.
    static Optional<ObjectNode> renewed(DefaultObjects.Default wanted, ObjectNode found) {
        var metadata = found.path("metadata");
        var told = metadata.path("annotations").path(DefaultObjects.AUTOUPDATE).asText("");
        boolean untold = !told.equals("true") && !told.equals("false");
        boolean ours = wanted.mandatory()
                || told.equals("true")
                || untold && metadata.path("generation").asLong() == 1;
        var renewed = found.deepCopy();
        var annotation = Boolean.toString(ours);
        if (!told.equals(annotation) && (wanted.mandatory() || untold)) {
            renewed.withObject("/metadata").withObject("/annotations").put(DefaultObjects.AUTOUPDATE, annotation);
        }
        if (ours && !(found.get("spec") instanceof ObjectNode spec && wanted.isAskedBy(spec))) {
            renewed.set("spec", wanted.spec().deepCopy());
        }
        return renewed.equals(found) ? Optional.empty() : Optional.of(renewed);
    }

    private void conditions() throws IOException, InterruptedException {
        var lanes = config.current().lanes().keySet();
        for (var schema : items("flowschemas")) {
            var changed = withCondition(schema, lanes, time.instant());
            if (changed.isPresent()) {
                String name = schema.path("metadata").path("name").asText();
                server.call("PUT", BASE + "flowschemas/" + name + "/status", Documents.text(changed.get()));
            }
        }
    }

    /// The schema with the condition that is true of it; empty when it says so. Pure.
    static Optional<ObjectNode> withCondition(ObjectNode schema, Set<String> levels, Instant now) {
        String level = schema.path("spec")
                .path("priorityLevelConfiguration")
                .path("name")
                .asText();
        boolean exists = levels.contains(level);
        var condition = Documents.object().put("type", "Dangling").put("status", exists ? "False" : "True");
        condition
                .put("lastTransitionTime", Times.seconds(now))
                .put("reason", exists ? "Found" : "NotFound")
                .put(
                        "message",
                        "This FlowSchema references the PriorityLevelConfiguration object named \"" + level + "\" "
                                + (exists ? "and it exists" : "but there is no such object"));
        for (var present : schema.path("status").path("conditions")) {
            if (present.path("type").asText().equals("Dangling")) {
                boolean same = present.path("status").equals(condition.path("status"));
                if (same && present.path("message").equals(condition.path("message"))) {
                    return Optional.empty();
                }
                if (same) {
                    condition.set("lastTransitionTime", present.path("lastTransitionTime"));
                }
            }
        }
        var changed = schema.deepCopy();
        changed.putObject("status").putArray("conditions").add(condition);
        return Optional.of(changed);
    }

    @Override
    public void close() {
        server.close();
    }
}
