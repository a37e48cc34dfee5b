package dev.kapal.apiserver.flow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Loopback;
import dev.kapal.apiserver.api.OwnObjects;
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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Keeps the flow schemas and priority levels that every cluster has, says of each schema whether its level exists, and
/// lends seats between levels. One thread, every ten seconds; objects are looked at when one of them has changed.
public final class FlowKeeper implements AutoCloseable {
    private static final Log log = Log.of(FlowKeeper.class);
    private static final Duration PERIOD = Duration.ofSeconds(10);
    private static final String SCHEMAS = "/apis/" + DefaultObjects.VERSION + "/flowschemas";

    private final FlowConfig config;
    private final FlowMetrics metrics;
    private final OwnObjects objects;
    private final Loopback server;
    private final Duration pause;
    private final Time time;
    private volatile boolean kept;

    /// @param pause between the first objects and what is said of them
    FlowKeeper(FlowConfig config, FlowMetrics metrics, OwnObjects objects, Handler handler, Duration pause, Time time) {
        this.config = config;
        this.metrics = metrics;
        this.objects = objects;
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

    /// All at once, so that they share the store's batches.
    private void keep() throws IOException, InterruptedException {
        var refusals = new ConcurrentLinkedQueue<String>();
        try (var life = new Life("flow-objects")) {
            var threads = new ArrayList<Thread>();
            for (var wanted : DefaultObjects.all()) {
                threads.add(life.start(wanted.name(), () -> {
                    try {
                        objects.ensure(wanted.resource(), "", wanted.document(), found -> mended(wanted, found));
                    } catch (ApiException refusal) {
                        refusals.add(wanted.name() + ": " + refusal.getMessage());
                    }
                }));
            }
            for (var thread : threads) {
                thread.join();
            }
        }
        if (!refusals.isEmpty()) {
            throw new IOException(String.join("; ", refusals));
        }
    }

    private List<ObjectNode> schemas() throws IOException, InterruptedException {
        var list = server.call("GET", SCHEMAS, "");
        if (list.status() >= 300) {
            throw new IOException("flowschemas: " + list.message());
        }
        var schemas = new ArrayList<ObjectNode>();
        for (var item : list.document().path("items")) {
            // an item of a list does not say what it is
            schemas.add(((ObjectNode) item)
                    .put("apiVersion", DefaultObjects.VERSION)
                    .put("kind", "FlowSchema"));
        }
        return schemas;
    }

    /// The object as it should be; empty when it is. Pure.
    static Optional<ObjectNode> mended(DefaultObjects.Default wanted, ObjectNode found) {
        var metadata = found.path("metadata");
        var told = metadata.path("annotations").path(DefaultObjects.AUTOUPDATE).asText("");
        boolean untold = !told.equals("true") && !told.equals("false");
        boolean ours = wanted.mandatory()
                || told.equals("true")
                || untold && metadata.path("generation").asLong() == 1;
        var mended = found.deepCopy();
        var annotation = Boolean.toString(ours);
        if (!told.equals(annotation) && (wanted.mandatory() || untold)) {
            mended.withObject("/metadata").withObject("/annotations").put(DefaultObjects.AUTOUPDATE, annotation);
        }
        if (ours && !(found.get("spec") instanceof ObjectNode spec && wanted.isAskedBy(spec))) {
            mended.set("spec", wanted.spec().deepCopy());
        }
        return mended.equals(found) ? Optional.empty() : Optional.of(mended);
    }

    private void conditions() throws IOException, InterruptedException {
        var lanes = config.current().lanes().keySet();
        for (var schema : schemas()) {
            var changed = withCondition(schema, lanes, time.instant());
            if (changed.isPresent()) {
                String name = schema.path("metadata").path("name").asText();
                server.call("PUT", SCHEMAS + "/" + name + "/status", Documents.text(changed.get()));
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
