package dev.kapal.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {
    @Test
    void knowsWhatIsInside() {
        var range = Cidr.parse("10.244.3.0/24");
        assertThat(range.contains("10.244.3.0")).isTrue();
        assertThat(range.contains("10.244.3.255")).isTrue();
        assertThat(range.contains("10.244.4.0")).isFalse();
        assertThat(range.contains("fd00::1")).isFalse();
        assertThat(range.gateway()).isEqualTo("10.244.3.1");
        assertThat(Cidr.parse("0.0.0.0/0").contains("203.0.113.9")).isTrue();
    }

    @Test
    void dropsHostBits() {
        assertThat(Cidr.parse("192.168.255.77/20")).hasToString("192.168.240.0/20");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.0.0.0",
                "10.0.0.0/33",
                "10.0.0/8",
                "10.0.0.256/8",
                "a.b.c.d/8",
                "10.0.0.0/-1",
                "1.2.3.4.5/8",
                "010.0.0.0/8"
            })
    void refusesWhatIsNoRange(String text) {
        assertThatThrownBy(() -> Cidr.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
