package dev.kapal.model.generate;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;

/// Writes `protobuf.txt`, the field numbers of Kubernetes' messages, into the classes of this module: what the official
/// Java classes carry as descriptors, and what they lack from a hand-written file of the same format.
///
/// Arguments: the folder with the hand-written `protobuf.txt`; the folder to write into.
public final class ProtobufGenerator {
    private static final List<String> FILES = List.of(
            "Meta",
            "IntStr",
            "Resource",
            "Runtime",
            "V1",
            "V1Apps",
            "V1Authentication",
            "V1Authorization",
            "V1Autoscaling",
            "V1Batch",
            "V1Certificates",
            "V1Networking",
            "V1Policy",
            "V1Rbac",
            "V1Scheduling",
            "V1Storage");

    private ProtobufGenerator() {}

    public static void main(String[] args) throws IOException, ReflectiveOperationException {
        var messages = new TreeMap<String, StringBuilder>();
        for (var file : FILES) {
            var outer = Class.forName("io.kubernetes.client.proto." + file);
            var descriptor = (FileDescriptor) outer.getMethod("getDescriptor").invoke(null);
            descriptor.getMessageTypes().forEach(message -> messages.put(message.getFullName(), describe(message)));
        }
        StringBuilder open = null;
        for (var line : Files.readAllLines(Path.of(args[0]).resolve("protobuf.txt"))) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            if (line.startsWith(" ")) {
                open.append(line.substring(1)).append('\n');
            } else {
                open = messages.computeIfAbsent(line, name -> new StringBuilder());
            }
        }
        var out = new StringBuilder();
        messages.forEach((name, fields) -> out.append(name).append('\n').append(fields));
        Files.writeString(Files.createDirectories(Path.of(args[1])).resolve("protobuf.txt"), out);
    }

    private static StringBuilder describe(Descriptor message) {
        var lines = new StringBuilder();
        for (var field : message.getFields()) {
            lines.append(field.getNumber()).append(' ').append(field.getName()).append(' ');
            if (field.isMapField()) {
                lines.append("map ").append(type(field.getMessageType().findFieldByNumber(2)));
            } else {
                lines.append(field.isRepeated() ? "list " : "one ").append(type(field));
            }
            lines.append('\n');
        }
        return lines;
    }

    private static String type(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case STRING -> "string";
            case BYTE_STRING -> "bytes";
            case BOOLEAN -> "bool";
            case INT, LONG -> "int";
            case MESSAGE -> field.getMessageType().getFullName();
            case FLOAT, DOUBLE, ENUM ->
                throw new IllegalStateException("no rule for " + field.getFullName() + " of " + field.getJavaType());
        };
    }
}
