package dev.kapal.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.api.Status;
import dev.kapal.apiserver.cache.CacheEvent;
import dev.kapal.apiserver.cache.CachedObject;
import dev.kapal.apiserver.table.IncludeObject;
import dev.kapal.apiserver.table.PartialObjects;
import dev.kapal.apiserver.table.Tables;
import dev.kapal.base.time.Time;
import dev.kapal.http.websocket.WebSocket;
import dev.kapal.model.ResourceDefinition;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.codec.MediaType;
import java.util.List;

/// The forms of a resource's watch events. Any thread; a [Form] belongs to one watch.
final class EventForms {
    private final Forms forms;
    private final ResourceDefinition definition;
    private final Tables tables;
    private final Time time;

    EventForms(Forms forms, Tables tables, Time time) {
        this.forms = forms;
        this.definition = forms.served();
        this.tables = tables;
        this.time = time;
    }

    Form of(Call call) {
        boolean binary = !WebSocket.isAskedFor(call.request()); // messages there are text
        var asked = Negotiation.of(call.request(), binary && forms.hasProtobuf());
        var stream = EventStream.of(binary ? asked.encoding() : MediaType.JSON);
        return switch (asked.shape()) {
            case FULL -> stream.encoding() == MediaType.JSON ? new Full() : new Encoded(stream);
            case TABLE ->
                new Table(stream, asked.version(), IncludeObject.of(call.query().first("includeObject")));
            case PARTIAL -> new Partial(stream, asked.apiVersion());
        };
    }

    /// How one watch writes its events.
    interface Form {
        byte[] frame(CacheEvent.Type seen, CacheEvent event);

        byte[] frame(CacheEvent.Type seen, CachedObject object);

        byte[] bookmark(long revision, boolean initialEventsEnd);

        EventStream stream();

        default byte[] error(Status status) {
            return stream().event("ERROR", status.document());
        }

        default String contentType() {
            return stream().contentType();
        }
    }

    /// The bytes that all watchers share.
    private final class Full implements Form {
        @Override
        public EventStream stream() {
            return EventStream.JSON;
        }

        @Override
        public byte[] frame(CacheEvent.Type seen, CacheEvent event) {
            return event.frame(seen, forms);
        }

        @Override
        public byte[] frame(CacheEvent.Type seen, CachedObject object) {
            return seen.frame(object.json(forms));
        }

        @Override
        public byte[] bookmark(long revision, boolean initialEventsEnd) {
            return EventStream.JSON.event("BOOKMARK", emptyObject(revision, initialEventsEnd));
        }
    }

    /// The kept forms of the objects, framed for each watcher.
    private final class Encoded implements Form {
        private final EventStream stream;

        Encoded(EventStream stream) {
            this.stream = stream;
        }

        @Override
        public EventStream stream() {
            return stream;
        }

        @Override
        public byte[] frame(CacheEvent.Type seen, CacheEvent event) {
            return frame(seen, event.shown(seen));
        }

        @Override
        public byte[] frame(CacheEvent.Type seen, CachedObject object) {
            return stream.event(
                    seen.name(), definition.groupVersionKind(), object.json(forms.encoded(stream.encoding())));
        }

        @Override
        public byte[] bookmark(long revision, boolean initialEventsEnd) {
            return stream.event("BOOKMARK", emptyObject(revision, initialEventsEnd));
        }
    }

    /// One row per event; only the first event tells the columns.
    private final class Table implements Form {
        private final EventStream stream;
        private final String version;
        private final IncludeObject include;
        private boolean begun;

        Table(EventStream stream, String version, IncludeObject include) {
            this.stream = stream;
            this.version = version;
            this.include = include;
        }

        @Override
        public EventStream stream() {
            return stream;
        }

        @Override
        public byte[] frame(CacheEvent.Type seen, CacheEvent event) {
            return frame(seen, event.shown(seen));
        }

        @Override
        public byte[] frame(CacheEvent.Type seen, CachedObject object) {
            return stream.event(seen.name(), table(forms.read(object)));
        }

        /// A bookmark is a table whose one row carries the version, whatever was asked to be included.
        @Override
        public byte[] bookmark(long revision, boolean initialEventsEnd) {
            return stream.event("BOOKMARK", table(emptyObject(revision, initialEventsEnd)));
        }

        private ObjectNode table(ObjectNode document) {
            var metadata = Documents.object()
                    .put(
                            "resourceVersion",
                            document.path("metadata").path("resourceVersion").asText());
            var table = tables.table(
                    forms.ruled(), List.of(document), forms::toServed, metadata, version, include, time.instant());
            if (begun) {
                table.putNull("columnDefinitions");
            }
            begun = true;
            return table;
        }
    }

    private final class Partial implements Form {
        private final EventStream stream;
        private final String apiVersion;

        Partial(EventStream stream, String apiVersion) {
            this.stream = stream;
            this.apiVersion = apiVersion;
        }

        @Override
        public EventStream stream() {
            return stream;
        }

        @Override
        public byte[] frame(CacheEvent.Type seen, CacheEvent event) {
            return frame(seen, event.shown(seen));
        }

        @Override
        public byte[] frame(CacheEvent.Type seen, CachedObject object) {
            return stream.event(seen.name(), PartialObjects.of(Documents.read(object.json(forms)), apiVersion));
        }

        @Override
        public byte[] bookmark(long revision, boolean initialEventsEnd) {
            return stream.event("BOOKMARK", PartialObjects.of(emptyObject(revision, initialEventsEnd), apiVersion));
        }
    }

    /// A bookmark's object: a version and nothing else.
    private ObjectNode emptyObject(long revision, boolean initialEventsEnd) {
        var object = Documents.object()
                .put("kind", definition.kind())
                .put("apiVersion", definition.groupVersion().apiVersion());
        var metadata = object.putObject("metadata").put("resourceVersion", Long.toString(revision));
        if (initialEventsEnd) {
            metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
        }
        return object;
    }
}
