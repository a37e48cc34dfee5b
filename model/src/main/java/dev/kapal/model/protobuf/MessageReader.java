package dev.kapal.model.protobuf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.codec.DecodeException;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.MediaType;
import dev.kapal.model.protobuf.Messages.Field;
import dev.kapal.model.protobuf.Messages.Shape;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Set;

/// Turns messages into documents. What Go keeps in a plain field is always on the wire, also when it is zero, and JSON
/// leaves it out then; what Go keeps behind a pointer is there only when it was set, and zero means zero.
final class MessageReader {
    private static final int DEEPEST = 100;
    private static final JsonNodeFactory nodes = JsonNodeFactory.instance;
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private static final String META = "k8s.io.apimachinery.pkg.apis.meta.v1.";
    private static final String RUNTIME = "k8s.io.apimachinery.pkg.runtime.";

    /// Messages whose fields stand in the object around them when it is JSON.
    private static final Set<String> INLINE = Set.of(
            "Volume.volumeSource",
            "PersistentVolumeSpec.persistentVolumeSource",
            "Probe.handler",
            "EphemeralContainer.ephemeralContainerCommon",
            "ConfigMapEnvSource.localObjectReference",
            "ConfigMapKeySelector.localObjectReference",
            "ConfigMapProjection.localObjectReference",
            "ConfigMapVolumeSource.localObjectReference",
            "SecretEnvSource.localObjectReference",
            "SecretKeySelector.localObjectReference",
            "SecretProjection.localObjectReference");

    /// Fields that Go keeps behind a pointer, whose zero says something.
    private static final Set<String> POINTERS = Set.of(
            "activeDeadlineSeconds",
            "allocateLoadBalancerNodePorts",
            "allowPrivilegeEscalation",
            "automountServiceAccountToken",
            "averageUtilization",
            "backoffLimit",
            "blockOwnerDeletion",
            "completions",
            "controller",
            "defaultMode",
            "deletionGracePeriodSeconds",
            "enableServiceLinks",
            "expirationSeconds",
            "failedJobsHistoryLimit",
            "fsGroup",
            "gracePeriodSeconds",
            "hostUsers",
            "immutable",
            "leaseDurationSeconds",
            "leaseTransitions",
            "maxSurge",
            "maxUnavailable",
            "minAvailable",
            "mode",
            "optional",
            "orphanDependents",
            "parallelism",
            "partition",
            "priority",
            "privileged",
            "progressDeadlineSeconds",
            "readOnlyRootFilesystem",
            "ready",
            "replicas",
            "revisionHistoryLimit",
            "runAsGroup",
            "runAsNonRoot",
            "runAsUser",
            "seconds",
            "serving",
            "setHostnameAsFQDN",
            "shareProcessNamespace",
            "startingDeadlineSeconds",
            "successfulJobsHistoryLimit",
            "suspend",
            "terminating",
            "terminationGracePeriodSeconds",
            "timeoutSeconds",
            "tolerationSeconds",
            "ttlSecondsAfterFinished");

    private int depth;

    /// Adds the fields of the message to `into`.
    void read(String message, Wire wire, ObjectNode into) {
        var fields =
                Messages.find(message).orElseThrow(() -> new IllegalStateException("protobuf.txt lacks " + message));
        var simple = message.substring(message.lastIndexOf('.') + 1);
        if (++depth > DEEPEST) {
            throw new DecodeException("proto: exceeded max depth");
        }
        while (wire.hasMore()) {
            int tag = wire.tag();
            var field = fields.get(tag >>> 3);
            if (field == null) {
                wire.skip(tag & 7);
            } else if (INLINE.contains(simple + "." + field.name())) {
                read(field.type(), wire.block(), into);
            } else {
                read(field, simple, tag & 7, wire, into);
            }
        }
        depth--;
    }

    private void read(Field field, String message, int wireType, Wire wire, ObjectNode into) {
        switch (field.shape()) {
            case MAP -> readEntry(field, wire.block(), into);
            case LIST -> into.withArray("/" + field.name()).add(value(field.type(), wireType, wire));
            case ONE -> {
                var value = value(field.type(), wireType, wire);
                if (!value.isNull() && (!isZero(value) || keepsZero(message, field))) {
                    into.set(field.name(), value);
                }
            }
        }
    }

    /// A probe's time-out is no pointer, a session's is.
    private static boolean keepsZero(String message, Field field) {
        return POINTERS.contains(field.name())
                && !(field.name().equals("timeoutSeconds") && message.equals("Probe"))
                && field.shape() == Shape.ONE;
    }

    private static boolean isZero(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> value.asText().isEmpty();
            case NUMBER -> value.asLong() == 0;
            case BOOLEAN -> !value.asBoolean();
            default -> false;
        };
    }

    private void readEntry(Field field, Wire entry, ObjectNode into) {
        var map = into.withObject("/" + field.name());
        var key = "";
        JsonNode value =
                field.type().equals("string") || field.type().equals("bytes") ? nodes.textNode("") : nodes.objectNode();
        while (entry.hasMore()) {
            int tag = entry.tag();
            if (tag >>> 3 == 1) {
                key = entry.block().text();
            } else {
                value = value(field.type(), tag & 7, entry);
            }
        }
        map.set(key, value);
    }

    private JsonNode value(String type, int wireType, Wire wire) {
        boolean number = type.equals("int") || type.equals("bool");
        if (wireType != (number ? Wire.VARINT : Wire.BYTES)) {
            throw new DecodeException("proto: wrong wireType = " + wireType + " for field of type " + type);
        }
        return switch (type) {
            case "int" -> number(wire.varint());
            case "bool" -> nodes.booleanNode(wire.varint() != 0);
            case "string" -> nodes.textNode(wire.block().text());
            case "bytes" ->
                nodes.textNode(Base64.getEncoder().encodeToString(wire.block().copy()));
            default -> message(type, wire.block());
        };
    }

    private static JsonNode number(long value) {
        return value == (int) value ? nodes.numberNode((int) value) : nodes.numberNode(value);
    }

    private JsonNode message(String type, Wire wire) {
        return switch (type) {
            case META + "Time" -> time(wire, false);
            case META + "MicroTime" -> time(wire, true);
            case "k8s.io.apimachinery.pkg.api.resource.Quantity" -> quantity(wire);
            case "k8s.io.apimachinery.pkg.util.intstr.IntOrString" -> intOrString(wire);
            case RUNTIME + "RawExtension", META + "FieldsV1" -> embedded(wire);
            default -> {
                var object = nodes.objectNode();
                read(type, wire, object);
                yield isListOfItems(type, object) ? object.withArray("/items") : object;
            }
        };
    }

    /// Go's named list types are messages with one field.
    private static boolean isListOfItems(String type, ObjectNode object) {
        var fields = Messages.find(type).orElseThrow();
        return fields.size() == 1
                && fields.values().iterator().next().equals(new Field("items", Shape.LIST, "string"))
                && (object.isEmpty() || object.has("items"));
    }

    private static JsonNode time(Wire wire, boolean micros) {
        long seconds = 0;
        long nanos = 0;
        while (wire.hasMore()) {
            int tag = wire.tag();
            if (tag >>> 3 == 1) {
                seconds = wire.varint();
            } else {
                nanos = wire.varint();
            }
        }
        if (seconds == 0 && nanos == 0) {
            return nodes.nullNode();
        }
        var instant = Instant.ofEpochSecond(seconds, micros ? nanos : 0);
        return nodes.textNode(micros ? MICROS.format(instant) : instant.toString());
    }

    private static JsonNode quantity(Wire wire) {
        var text = "";
        while (wire.hasMore()) {
            wire.tag();
            text = wire.block().text();
        }
        return nodes.textNode(text);
    }

    private static JsonNode intOrString(Wire wire) {
        boolean isText = false;
        long number = 0;
        var text = "";
        while (wire.hasMore()) {
            switch (wire.tag() >>> 3) {
                case 1 -> isText = wire.varint() == 1;
                case 2 -> number = wire.varint();
                case 3 -> text = wire.block().text();
                default -> throw new DecodeException("proto: unknown field of IntOrString");
            }
        }
        return isText ? nodes.textNode(text) : number((int) number);
    }

    private static JsonNode embedded(Wire wire) {
        byte[] raw = {};
        while (wire.hasMore()) {
            wire.tag();
            raw = wire.block().copy();
        }
        return raw.length == 0
                ? nodes.nullNode()
                : new DocumentDecoder().decode(raw, MediaType.JSON).document();
    }
}
