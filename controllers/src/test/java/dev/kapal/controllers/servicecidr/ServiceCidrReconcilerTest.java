package dev.kapal.controllers.servicecidr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.client.Key;
import io.fabric8.kubernetes.api.model.networking.v1.IPAddress;
import io.fabric8.kubernetes.api.model.networking.v1.IPAddressBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.ServiceCIDR;
import io.fabric8.kubernetes.api.model.networking.v1.ServiceCIDRBuilder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// When a range may go.
class ServiceCidrReconcilerTest {
    private static final ServiceCIDR LEAVING = range("leaving", "10.7.0.0/24", "2001:db8::/64");

    private record Case(String name, boolean goes, List<ServiceCIDR> others, List<IPAddress> addresses) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Case> cases() {
        return List.of(
                new Case("nobody has an address", true, List.of(), List.of()),
                new Case("a service has one", false, List.of(), List.of(address("10.7.0.1"))),
                new Case("a service has one of the other family", false, List.of(), List.of(address("2001:db8::1"))),
                new Case("a service has one elsewhere", true, List.of(), List.of(address("10.8.0.1"))),
                new Case(
                        "somebody else has one",
                        true,
                        List.of(),
                        List.of(new IPAddressBuilder(address("10.7.0.1"))
                                .editMetadata()
                                .withLabels(null)
                                .endMetadata()
                                .build())),
                new Case(
                        "a larger range has it too",
                        true,
                        List.of(range("larger", "10.0.0.0/8", "2001:db8::/32")),
                        List.of(address("10.7.0.1"), address("2001:db8::1"))),
                new Case(
                        "a smaller range has the address",
                        true,
                        List.of(range("smaller", "10.7.0.0/30")),
                        List.of(address("10.7.0.1"))),
                new Case(
                        "a smaller range has only one of two",
                        false,
                        List.of(range("smaller", "10.7.0.0/30")),
                        List.of(address("10.7.0.1"), address("10.7.0.9"))));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void goesWhenNoServiceLosesItsRange(Case one) {
        var all = new ArrayList<>(one.others);
        all.add(LEAVING);

        assertThat(ServiceCidrReconciler.mayGo(LEAVING, all, one.addresses)).isEqualTo(one.goes);
    }

    private static ServiceCIDR range(String name, String... cidrs) {
        return new ServiceCIDRBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withCidrs(cidrs)
                .endSpec()
                .build();
    }

    private static IPAddress address(String ip) {
        return ServiceAddresses.object(ip, new Key("default", "web"));
    }
}
