package dev.kapal.apiserver.flow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.GroupVersion;
import dev.kapal.model.GroupVersionResource;
import dev.kapal.model.codec.Documents;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The flow schemas and priority levels of every cluster. Source: kubernetes.io, "API Priority and Fairness",
/// "Mandatory" and "Suggested configuration objects".
public final class DefaultObjects {
    static final String VERSION = "flowcontrol.apiserver.k8s.io/v1";
    static final String AUTOUPDATE = "apf.kubernetes.io/autoupdate-spec";
    private static final String EXEMPT = "exempt";
    /// Levels first: schemas refer to them.
    private static final List<String> PLURALS = List.of("prioritylevelconfigurations", "flowschemas");

    private static final List<Default> ALL = read();

    private DefaultObjects() {}

    /// @param mandatory its spec is not for anybody to change
    public record Default(boolean mandatory, String plural, String name, ObjectNode spec) {
        GroupVersionResource resource() {
            return GroupVersion.parse(VERSION).resource(plural);
        }

        ObjectNode document() {
            var document = Documents.object();
            var metadata = document.putObject("metadata");
            metadata.put("name", name).putObject("annotations").put(AUTOUPDATE, "true");
            document.set("spec", spec.deepCopy());
            return document;
        }

        /// Whether `found` says the same, but for what people may choose: the seats of the exempt level.
        public boolean isAskedBy(ObjectNode found) {
            var wanted = spec.deepCopy();
            if (mandatory && wanted.has(EXEMPT) && found.has(EXEMPT)) {
                wanted.set(EXEMPT, found.get(EXEMPT));
            }
            return wanted.equals(found);
        }
    }

    /// In the order of [#PLURALS].
    static List<Default> all() {
        return ALL;
    }

    /// What an object must say that is there in every cluster; empty for others.
    ///
    /// @param plural `flowschemas` or `prioritylevelconfigurations`
    public static Optional<Default> mandatory(String plural, String name) {
        return ALL.stream()
                .filter(one -> one.mandatory()
                        && one.plural().equals(plural)
                        && one.name().equals(name))
                .findFirst();
    }

    private static List<Default> read() {
        try (InputStream in = DefaultObjects.class.getResourceAsStream("default-objects.json")) {
            var data = Documents.read(in.readAllBytes());
            var all = new ArrayList<Default>();
            for (var plural : PLURALS) {
                for (var part : List.of("mandatory", "suggested")) {
                    for (var node : data.path(part).path(plural)) {
                        all.add(new Default(
                                part.equals("mandatory"),
                                plural,
                                node.path("name").asText(),
                                (ObjectNode) node.path("spec")));
                    }
                }
            }
            return List.copyOf(all);
        } catch (IOException broken) {
            throw new IllegalStateException(broken);
        }
    }
}
