package dev.kapal.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceRangeTest {
    @ParameterizedTest
    @CsvSource({
        "10.96.0.0/16, 10.96.0.0/16, 10.96.0.1",
        "10.96.0.1/16, 10.96.0.0/16, 10.96.0.1",
        "10.96.7.255/22, 10.96.4.0/22, 10.96.4.1",
        "192.168.1.13/29, 192.168.1.8/29, 192.168.1.9"
    })
    void whatStandsBehindThePrefixDoesNotCount(String given, String range, String first) {
        assertThat(ServiceRange.of(given).cidr()).isEqualTo(range);
        assertThat(ServiceRange.of(given).first()).isEqualTo(first);
    }

    @ParameterizedTest
    @CsvSource({
        "10.96.0.0, service-cluster-ip-range[0] is not a valid cidr",
        "10.96.0/16, service-cluster-ip-range[0] is not a valid cidr",
        "10.96.0.0/33, service-cluster-ip-range[0] is not a valid cidr",
        "10.96.0.0/30, error determining service IP ranges for primary service cidr: the service cluster IP range must"
                + " be at least 8 IP addresses"
    })
    void refusesWhatIsNoRange(String given, String why) {
        assertThatThrownBy(() -> ServiceRange.of(given))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(why);
    }
}
