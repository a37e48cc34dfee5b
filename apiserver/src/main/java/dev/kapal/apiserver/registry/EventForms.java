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
import dev.kapal.model.ResourceDefinition;
import dev.kapal.model.codec.Documents;
import java.util.Arrays;
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
        var asked = Answers.negotiate(call);
        return switch (asked.shape()) {
            case FULL -> new Full();
            case TABLE ->
                new Table(asked.version(), IncludeObject.of(call.query().first("includeObject")));
            case PARTIAL -> new Partial(asked.apiVersion());
        };
    }

    /// How one watch writes its events.
    interface Form {
        byte[] frame(CacheEvent.Type seen, CacheEvent event);

        byte[] frame(CacheEvent.Type seen, CachedObject object);

        byte[] bookmark(long revision, boolean initialEventsEnd);

        default byte[] error(Status status) {
            return line("ERROR", status.document());
        }

        default String contentType() {
            return "application/json";
        }
    }

    /// The bytes that all watchers share.
    private final class Full implements Form {
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
            return line("BOOKMARK", emptyObject(revision, initialEventsEnd));
        }
    }

    /// One row per event; only the first event tells the columns.
    private final class Table implements Form {
        private final String version;
        private final IncludeObject include;
        private boolean begun;

        Table(String version, IncludeObject include) {
            this.version = version;
            this.include = include;
        }

        @Override
        public byte[] frame(CacheEvent.Type seen, CacheEvent event) {
            return frame(seen, event.shown(seen));
        }

        @Override
        public byte[] frame(CacheEvent.Type seen, CachedObject object) {
            return line(seen.name(), table(forms.read(object)));
        }

        /// A bookmark is a table whose one row carries the version, whatever was asked to be included.
        @Override
        public byte[] bookmark(long revision, boolean initialEventsEnd) {
            return line("BOOKMARK", table(emptyObject(revision, initialEventsEnd)));
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
        private final String apiVersion;

        Partial(String apiVersion) {
            this.apiVersion = apiVersion;
        }

        @Override
        public byte[] frame(CacheEvent.Type seen, CacheEvent event) {
            return frame(seen, event.shown(seen));
        }

        @Override
        public byte[] frame(CacheEvent.Type seen, CachedObject object) {
            return line(seen.name(), PartialObjects.of(object.document(), apiVersion));
        }

        @Override
        public byte[] bookmark(long revision, boolean initialEventsEnd) {
            return line("BOOKMARK", PartialObjects.of(emptyObject(revision, initialEventsEnd), apiVersion));
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

    private static byte[] line(String type, ObjectNode object) {
        var event = Documents.object().put("type", type);
        event.set("object", object);
        byte[] json = Documents.json(event);
        byte[] line = Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        return line;
    }
}
