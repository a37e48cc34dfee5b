package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// The addresses of a service, their families, and how many of them it wants. Source: Kubernetes documentation,
/// IPv4/IPv6
/// dual-stack.
final class ServiceAddressRules {
    private static final List<String> FAMILIES = List.of("IPv4", "IPv6");
    private static final List<String> POLICIES = List.of("PreferDualStack", "RequireDualStack", "SingleStack");
    private static final String ADDRESSES = "spec.clusterIPs";
    private static final String FAMILY_LIST = "spec.ipFamilies";
    private static final String POLICY = "spec.ipFamilyPolicy";
    private static final String KEPT = "may not change once set";

    private ServiceAddressRules() {}

    static void check(JsonNode spec, Problems problems) {
        if (!ServiceFields.hasClusterIp(spec)) {
            return;
        }
        var addresses = spec.path("clusterIPs");
        var single = spec.path("clusterIP").asText("");
        if (single.isEmpty()) {
            if (!addresses.isEmpty()) {
                problems.invalid(ADDRESSES, addresses, "must be empty when `clusterIP` is not specified");
            }
        } else if (addresses.isEmpty()) {
            problems.required(ADDRESSES, "");
        } else if (!addresses.get(0).asText().equals(single)) {
            problems.invalid(ADDRESSES, addresses, "first value must match `clusterIP`");
        }
        checkFamilies(spec.path("ipFamilies"), problems);
        if (spec.has("ipFamilyPolicy")
                && !POLICIES.contains(spec.get("ipFamilyPolicy").asText())) {
            problems.notSupported(POLICY, spec.get("ipFamilyPolicy").asText(), POLICIES);
        }
        checkAddresses(spec, addresses, problems);
    }

    private static void checkFamilies(JsonNode families, Problems problems) {
        var seen = new HashSet<String>();
        for (int i = 0; i < families.size(); i++) {
            var at = Problems.at(FAMILY_LIST, i);
            var family = families.get(i).asText();
            if (!FAMILIES.contains(family)) {
                problems.notSupported(at, family, FAMILIES);
            }
            if (!seen.add(family)) {
                problems.duplicate(at, family);
            }
        }
    }

    private static void checkAddresses(JsonNode spec, JsonNode addresses, Problems problems) {
        var parsed = new ArrayList<InetAddress>();
        boolean valid = true;
        for (int i = 0; i < addresses.size(); i++) {
            var text = addresses.get(i).asText();
            if (i == 0 && text.equals(ServiceStrategy.NONE)) {
                if (addresses.size() > 1) {
                    valid = false;
                    problems.invalid(ADDRESSES, addresses, "'None' must be the first and only value");
                }
                continue;
            }
            var address = Addresses.parse(text);
            if (address.isEmpty()) {
                valid = false;
                problems.invalid(Problems.at(ADDRESSES, i), text, Addresses.IP_FORM);
            }
            address.ifPresent(parsed::add);
        }
        if (addresses.size() > 2) {
            problems.invalid(ADDRESSES, addresses, "may only hold up to 2 values");
        }
        if (!valid) {
            return;
        }
        if (addresses.size() > 1 && !Addresses.isDualStack(parsed)) {
            problems.invalid(ADDRESSES, addresses, "may specify no more than one IP for each IP family");
        }
        if (!ServiceFields.isHeadless(spec)) {
            checkMatch(addresses, parsed, spec.path("ipFamilies"), problems);
        }
    }

    private static void checkMatch(JsonNode addresses, List<InetAddress> parsed, JsonNode families, Problems problems) {
        for (int i = 0; i < Math.min(parsed.size(), families.size()); i++) {
            var family = families.get(i).asText();
            if (FAMILIES.contains(family) && !family.equals(ServiceFields.family(parsed.get(i)))) {
                problems.invalid(
                        Problems.at(ADDRESSES, i),
                        addresses.get(i).asText(),
                        "expected an " + family + " value as indicated by `ipFamilies[" + i + "]`");
            }
        }
    }

    /// A second address may come and go; the first stays, unless the service points elsewhere or has none.
    static void checkKept(JsonNode spec, JsonNode before, Problems problems) {
        if (!ServiceFields.hasClusterIp(spec) || !ServiceFields.hasClusterIp(before)) {
            return;
        }
        boolean headless = ServiceFields.isHeadless(spec);
        boolean wasHeadless = ServiceFields.isHeadless(before);
        if (!headless || !wasHeadless) {
            checkAddressesKept(spec, before.path("clusterIPs"), problems);
        }
        if (!headless && !wasHeadless) {
            checkFamiliesKept(spec, before.path("ipFamilies"), problems);
        }
    }

    private static void checkAddressesKept(JsonNode spec, JsonNode before, Problems problems) {
        var now = spec.path("clusterIPs");
        var first = Problems.at(ADDRESSES, 0);
        if (now.size() == before.size()) {
            for (int i = 0; i < before.size(); i++) {
                if (!now.get(i).equals(before.get(i))) {
                    problems.invalid(Problems.at(ADDRESSES, i), now, KEPT);
                }
            }
            return;
        }
        if (now.isEmpty()) {
            problems.invalid(first, now, "primary clusterIP can not be unset");
        } else if (!before.isEmpty() && !now.get(0).equals(before.get(0))) {
            problems.invalid(first, now, KEPT);
        }
        if (now.size() == 1 && before.size() > 1 && !isSingle(spec)) {
            problems.invalid(
                    POLICY, policy(spec), "must be set to 'SingleStack' when releasing the secondary clusterIP");
        }
    }

    private static void checkFamiliesKept(JsonNode spec, JsonNode before, Problems problems) {
        var now = spec.path("ipFamilies");
        var first = Problems.at(FAMILY_LIST, 0);
        if (now.size() == before.size()) {
            for (int i = 0; i < before.size(); i++) {
                if (!now.get(i).equals(before.get(i))) {
                    problems.invalid(first, now, KEPT);
                }
            }
            return;
        }
        if (!now.isEmpty() && !before.isEmpty() && !now.get(0).equals(before.get(0))) {
            problems.invalid(first, spec.path("clusterIPs"), KEPT);
        }
        if (now.size() == 1 && before.size() > 1 && !isSingle(spec)) {
            problems.invalid(
                    POLICY, policy(spec), "must be set to 'SingleStack' when releasing the secondary ipFamily");
        }
    }

    private static boolean isSingle(JsonNode spec) {
        return spec.path("ipFamilyPolicy").asText("").equals("SingleStack");
    }

    private static Object policy(JsonNode spec) {
        return spec.has("ipFamilyPolicy") ? spec.get("ipFamilyPolicy") : null;
    }
}
