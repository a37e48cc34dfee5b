package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/// Addresses and ranges of older kinds, which may be written in several ways: what is wrong with some of them. Source:
/// apimachinery, warnings for IPs and CIDRs; RFC 5952.
public final class AddressWarnings {
    private static final String LATER = " will be considered invalid in a future Kubernetes release: use ";

    private AddressWarnings() {}

    /// Of what is no address at all nothing is said.
    public static List<String> ofIp(String path, String text) {
        var plain = AddressForm.withoutZeros(text);
        var address = Addresses.parse(plain);
        if (address.isEmpty()) {
            return List.of();
        }
        var canonical = AddressForm.text(address.get());
        if (!plain.equals(text) || isMapped(address.get(), text)) {
            return List.of(path + ": non-standard IP address " + quoted(text) + LATER + quoted(canonical));
        }
        return text.equals(canonical)
                ? List.of()
                : List.of(path + ": IPv6 address " + quoted(text) + " should be in RFC 5952 canonical format ("
                        + quoted(canonical) + ")");
    }

    /// Of what is no range at all nothing is said.
    public static List<String> ofCidr(String path, String text) {
        var plain = AddressForm.withoutZeros(text);
        if (!Addresses.isCidr(plain)) {
            return List.of();
        }
        int slash = plain.indexOf('/');
        int bits = Integer.parseInt(plain.substring(slash + 1));
        var address = Addresses.parse(plain.substring(0, slash)).orElseThrow();
        var network = AddressForm.text(AddressForm.network(address, bits)) + "/" + bits;
        var warnings = new ArrayList<String>();
        if (!AddressForm.network(address, bits).equals(address)) {
            var single = AddressForm.text(address) + "/" + address.getAddress().length * 8;
            warnings.add(path + ": CIDR value " + quoted(text) + " is ambiguous in this context (should be "
                    + quoted(network) + " or " + quoted(single) + "?)");
        }
        if (!plain.equals(text) || isMapped(address, text)) {
            warnings.add(path + ": non-standard CIDR value " + quoted(text) + LATER + quoted(network));
        }
        if (warnings.isEmpty() && !text.equals(network)) {
            warnings.add(path + ": IPv6 CIDR value " + quoted(text) + " should be in RFC 5952 canonical format ("
                    + quoted(network) + ")");
        }
        return warnings;
    }

    /// Of what a load balancer is reached by, as the status says.
    public static List<String> ofLoadBalancer(JsonNode object) {
        var warnings = new ArrayList<String>();
        var points = object.path("status").path("loadBalancer").path("ingress");
        for (int i = 0; i < points.size(); i++) {
            var path = Problems.at("status.loadBalancer.ingress", i);
            warnings.addAll(ofIp(path, points.get(i).path("ip").asText("")));
        }
        return warnings;
    }

    private static boolean isMapped(InetAddress address, String text) {
        return address instanceof Inet4Address && text.indexOf(':') >= 0;
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }
}
