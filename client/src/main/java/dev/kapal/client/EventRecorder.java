package dev.kapal.client;

import dev.kapal.base.life.Life;
import dev.kapal.base.log.Log;
import dev.kapal.base.time.Time;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/// Writes core/v1 Events, repeated ones as a count on the first. Any thread; never blocks: events go through a bounded
/// queue to one writing thread, and what does not fit is dropped, for events are told as well as possible and no
/// better.
public final class EventRecorder implements AutoCloseable {
    private static final Log log = Log.of(EventRecorder.class);
    private static final int WAITING = 1000;

    private final Api api;
    private final Time time;
    private final String host;
    private final BlockingQueue<Event> waiting = new ArrayBlockingQueue<>(WAITING);
    private final EventCorrelator correlator = new EventCorrelator();
    private final Life life = new Life("events");

    /// @param host the node the component belongs to (`source.host`), or empty
    public EventRecorder(KubernetesClient client, String host, Time time) {
        this.api = new Api(client);
        this.host = host;
        this.time = time;
        life.start("writer", this::write);
    }

    public EventRecorder(KubernetesClient client, Time time) {
        this(client, "", time);
    }

    public enum Type {
        NORMAL("Normal"),
        WARNING("Warning");

        private final String text;

        Type(String text) {
            this.text = text;
        }
    }

    public void normal(HasMetadata object, String reason, String message, String component) {
        event(object, Type.NORMAL, reason, message, component);
    }

    public void warning(HasMetadata object, String reason, String message, String component) {
        event(object, Type.WARNING, reason, message, component);
    }

    public void normal(ObjectReference about, String reason, String message, String component) {
        event(about, Type.NORMAL, reason, message, component);
    }

    public void event(HasMetadata object, Type type, String reason, String message, String component) {
        event(reference(object), type, reason, message, component);
    }

    /// As the other, about something that is only referred to (a container within its pod by `fieldPath`).
    public void event(ObjectReference about, Type type, String reason, String message, String component) {
        Instant now = time.instant();
        var namespace =
                about.getNamespace() == null || about.getNamespace().isEmpty() ? "default" : about.getNamespace();
        var event = new EventBuilder()
                .withNewMetadata()
                .withName(about.getName() + "." + hexNanos(now))
                .withNamespace(namespace)
                .endMetadata()
                .withInvolvedObject(about)
                .withType(type.text)
                .withReason(reason)
                .withMessage(message)
                .withNewSource()
                .withComponent(component)
                .withHost(host.isEmpty() ? null : host)
                .endSource()
                .withReportingComponent(component)
                .withReportingInstance(host)
                .withFirstTimestamp(now.truncatedTo(ChronoUnit.SECONDS).toString())
                .withLastTimestamp(now.truncatedTo(ChronoUnit.SECONDS).toString())
                .withCount(1)
                .build();
        if (!waiting.offer(event)) {
            log.debug("event dropped", "object", about.getName(), "reason", reason);
        }
    }

    public static ObjectReference reference(HasMetadata object) {
        var metadata = object.getMetadata();
        return new ObjectReferenceBuilder()
                .withApiVersion(object.getApiVersion())
                .withKind(object.getKind())
                .withNamespace(metadata.getNamespace())
                .withName(metadata.getName())
                .withUid(metadata.getUid())
                .withResourceVersion(metadata.getResourceVersion())
                .build();
    }

    @Override
    public void close() {
        life.close();
    }

    private void write() throws InterruptedException {
        while (true) {
            Event event = waiting.take();
            try {
                var known = correlator.admit(event, time.instant());
                if (known.isPresent()) {
                    write(known.get());
                }
            } catch (RuntimeException failure) {
                if (life.isClosed()) {
                    return;
                }
                // A namespace on its way out refuses new events; that is expected, and an event is never worth a retry
                // storm.
                log.debug("event not written", "reason", event.getReason(), "cause", failure.toString());
            }
        }
    }

    private void write(EventCorrelator.Admitted admitted) throws InterruptedException {
        Event event = admitted.event();
        if (admitted.repeated()) {
            try {
                correlator.written(admitted, api.patch(Event.class, Key.of(event), Api.Patch.MERGE, repetition(event)));
                return;
            } catch (KubernetesClientException refusal) {
                if (refusal.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
                    throw refusal;
                }
                // The first one has expired: write it anew, under its own name.
            }
        }
        event.getMetadata().setResourceVersion(null);
        correlator.written(admitted, api.create(event));
    }

    private static String repetition(Event event) {
        return Json.mapper()
                .createObjectNode()
                .put("count", event.getCount())
                .put("lastTimestamp", event.getLastTimestamp())
                .put("message", event.getMessage())
                .toString();
    }

    private static String hexNanos(Instant now) {
        return Long.toHexString(now.getEpochSecond() * 1_000_000_000L + now.getNano());
    }
}
