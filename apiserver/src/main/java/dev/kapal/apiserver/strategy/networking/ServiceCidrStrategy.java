package dev.kapal.apiserver.strategy.networking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.AddressForm;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.ServiceRanges;
import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.model.codec.Documents;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;

/// Ranges that services get their addresses from: one of each family, for good, but the second may come later. Source:
/// API reference, networking.k8s.io/v1, ServiceCIDR.
final class ServiceCidrStrategy implements Strategy {
    private static final String RANGES = "spec.cidrs";

    @Override
    public void check(ObjectNode candidate, Optional<ObjectNode> stored, Problems problems) {
        var ranges = candidate.path("spec").path("cidrs");
        if (stored.isEmpty()) {
            checkRanges(ranges, problems);
        } else {
            checkKept(ranges, stored.get().path("spec").path("cidrs"), problems);
        }
    }

    private static void checkRanges(JsonNode ranges, Problems problems) {
        if (ranges.isEmpty()) {
            problems.required(RANGES, "at least one CIDR required");
            return;
        }
        if (ranges.size() > 2) {
            var spec = Documents.object();
            spec.set("CIDRs", ranges);
            problems.invalid(RANGES, spec, "may only hold up to 2 values");
            return;
        }
        for (int i = 0; i < ranges.size(); i++) {
            var text = ranges.get(i).asText();
            problems.invalid(Problems.at(RANGES, i), text, AddressForm.cidrProblems(text));
        }
        if (ranges.size() == 2) {
            var first = AddressForm.isSix(ranges.get(0).asText());
            if (first.isPresent()
                    && first.equals(AddressForm.isSix(ranges.get(1).asText()))) {
                problems.invalid(
                        RANGES,
                        ranges,
                        "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64");
            }
        }
    }

    private static void checkKept(JsonNode ranges, JsonNode before, Problems problems) {
        boolean grows = before.size() == 1 && ranges.size() == 2;
        if (!grows && before.size() != ranges.size()) {
            problems.invalid(RANGES, ranges, Problems.IMMUTABLE);
            return;
        }
        for (int i = 0; i < before.size(); i++) {
            if (!ranges.get(i).equals(before.get(i))) {
                problems.invalid(Problems.at(RANGES, i), ranges.get(i), Problems.IMMUTABLE);
            }
        }
        if (grows) {
            checkRanges(ranges, problems);
        }
    }

    /// Readable to the allocator, not to selectors.
    @Override
    public Map<String, String> fields(ObjectNode range) {
        boolean leaving = range.path("metadata").has("deletionTimestamp");
        return leaving || !isReady(range) ? Map.of() : Map.of(ServiceRanges.USABLE, ranges(range));
    }

    /// Before anybody has looked at it, a range counts as ready.
    private static boolean isReady(ObjectNode range) {
        for (var condition : range.path("status").path("conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText().equals("True");
            }
        }
        return true;
    }

    private static String ranges(ObjectNode range) {
        var ranges = new StringJoiner(",");
        range.path("spec").path("cidrs").forEach(cidr -> ranges.add(cidr.asText()));
        return ranges.toString();
    }

    @Override
    public Set<String> keptByStatus() {
        return METADATA;
    }
}
