package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.Meta;
import dev.kapal.apiserver.api.User;
import dev.kapal.model.ResourceDefinition;
import dev.kapal.model.codec.Documents;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A request for a certificate: what is asked for never changes, approving and signing are rights of their own. Source:
/// API reference, certificates.k8s.io/v1, CertificateSigningRequest.
///
/// Through `/approval` a write changes conditions, through `/status` conditions other than those of approval and the
/// certificate, once.
final class CertificateRequestStrategy implements Strategy {
    private static final String SIGNER_FIELD = "spec.signerName";

    private final InstantSource time;
    private final boolean first;

    CertificateRequestStrategy(InstantSource time) {
        this(time, false);
    }

    /// @param first whether clients speak `v1beta1`
    private CertificateRequestStrategy(InstantSource time, boolean first) {
        this.time = time;
        this.first = first;
    }

    @Override
    public Set<String> selectable() {
        return Set.of(SIGNER_FIELD);
    }

    @Override
    public Map<String, String> fields(ObjectNode object) {
        return Map.of(SIGNER_FIELD, object.path("spec").path("signerName").asText(""));
    }

    @Override
    public Strategy servedAs(ResourceDefinition version) {
        boolean old = version.groupVersion().version().equals("v1beta1");
        return old ? new CertificateRequestStrategy(time, true) : this;
    }

    /// Who asks is what the server knows, whatever the request says.
    @Override
    public void onCreate(ObjectNode incoming, User user) {
        var spec = incoming.withObject("/spec");
        spec.remove(List.of("username", "uid", "groups", "extra"));
        put(spec, "username", user.name());
        put(spec, "uid", user.uid());
        if (!user.groups().isEmpty()) {
            user.groups().forEach(spec.putArray("groups")::add);
        }
        if (!user.extra().isEmpty()) {
            var extra = spec.putObject("extra");
            user.extra().forEach((key, values) -> values.forEach(extra.withArray("/" + escaped(key))::add));
        }
    }

    private static String escaped(String key) {
        return key.replace("~", "~0").replace("/", "~1");
    }

    private static void put(ObjectNode spec, String field, String value) {
        if (!value.isEmpty()) {
            spec.put(field, value);
        }
    }

    @Override
    public void onUpdate(ObjectNode incoming, ObjectNode stored) {
        Copies.field("spec", stored, incoming);
    }

    @Override
    public List<String> nameProblems(String name) {
        return List.of();
    }

    @Override
    public void check(ObjectNode candidate, Optional<ObjectNode> stored, Problems problems) {
        // what the first version let in may stay
        CertificateRequestRules.check(candidate, first || stored.isPresent(), problems);
    }

    @Override
    public Strategy below(String subresource) {
        return switch (subresource) {
            case "status" -> new Part(this, false);
            case "approval" -> new Part(this, true);
            default -> this;
        };
    }

    /// Writes of the status, in one of its two roles.
    private record Part(CertificateRequestStrategy kind, boolean approves) implements Strategy {
        @Override
        public boolean writesStatus() {
            return true;
        }

        @Override
        public void onUpdate(ObjectNode incoming, ObjectNode stored) {
            Copies.field("spec", stored, incoming);
            if (approves) {
                var conditions = incoming.path("status").get("conditions");
                var status = stored.get("status") instanceof ObjectNode before ? before.deepCopy() : Documents.object();
                if (conditions == null) {
                    status.remove("conditions");
                } else {
                    status.set("conditions", conditions);
                }
                incoming.set("status", status);
            } else {
                keep("Approved", incoming, stored);
                keep("Denied", incoming, stored);
            }
            fillInTimes(incoming, stored, kind.time.instant());
        }

        /// Conditions of approval stay as they are; a write that adds or drops one is refused by the rules.
        private static void keep(String type, ObjectNode incoming, ObjectNode stored) {
            var before = conditions(stored, type);
            if (conditions(incoming, type).size() != before.size()) {
                return;
            }
            int next = 0;
            if (incoming.path("status").path("conditions") instanceof ArrayNode all) {
                for (int i = 0; i < all.size(); i++) {
                    if (all.get(i).path("type").asText("").equals(type)) {
                        all.set(i, before.get(next++));
                    }
                }
            }
        }

        private static void fillInTimes(ObjectNode incoming, ObjectNode stored, Instant now) {
            for (var condition : incoming.path("status").path("conditions")) {
                var object = (ObjectNode) condition;
                if (isAbsent(object, "lastTransitionTime")) {
                    var same = conditions(stored, object.path("type").asText("")).stream()
                            .filter(before -> before.path("status").equals(object.path("status"))
                                    && before.has("lastTransitionTime"))
                            .findFirst();
                    if (same.isPresent()) {
                        object.set("lastTransitionTime", same.get().get("lastTransitionTime"));
                    } else {
                        object.put("lastTransitionTime", Meta.time(now));
                    }
                }
                if (isAbsent(object, "lastUpdateTime")) {
                    object.put("lastUpdateTime", Meta.time(now));
                }
            }
        }

        private static boolean isAbsent(ObjectNode object, String field) {
            return object.path(field).asText("").isEmpty() || object.path(field).isNull();
        }

        @Override
        public List<String> nameProblems(String name) {
            return List.of();
        }

        @Override
        public void check(ObjectNode candidate, Optional<ObjectNode> stored, Problems problems) {
            CertificateRequestRules.check(candidate, true, problems);
            stored.ifPresent(before -> CertificateRequestRules.checkUpdate(candidate, before, approves, problems));
        }
    }

    static List<JsonNode> conditions(ObjectNode request, String type) {
        var found = new ArrayList<JsonNode>();
        for (var condition : request.path("status").path("conditions")) {
            if (condition.path("type").asText("").equals(type)) {
                found.add(condition);
            }
        }
        return found;
    }
}
