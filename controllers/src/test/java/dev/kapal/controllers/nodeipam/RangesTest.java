package dev.kapal.controllers.nodeipam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RangesTest {
    private final Ranges ranges = new Ranges("10.244.0.0/16", 24);

    @Test
    void givesTheLowestFreeRange() {
        assertThat(ranges.cidr(ranges.take().orElseThrow())).isEqualTo("10.244.0.0/24");
        assertThat(ranges.occupy("10.244.1.0/24")).hasValue(1);
        assertThat(ranges.cidr(ranges.take().orElseThrow())).isEqualTo("10.244.2.0/24");
        ranges.release(0);
        assertThat(ranges.cidr(ranges.take().orElseThrow())).isEqualTo("10.244.0.0/24");
    }

    @Test
    void hasNoMoreThanFit() {
        var two = new Ranges("192.168.254.0/23", 24);
        assertThat(two.cidr(two.take().orElseThrow())).isEqualTo("192.168.254.0/24");
        assertThat(two.cidr(two.take().orElseThrow())).isEqualTo("192.168.255.0/24");
        assertThat(two.take()).isEmpty();
    }

    @Test
    void ignoresForeignRanges() {
        assertThat(ranges.occupy("10.245.0.0/24")).isEmpty();
        assertThat(ranges.occupy("10.243.0.0/24")).isEmpty();
        assertThat(ranges.occupy("10.244.3.0/26")).isEmpty();
        assertThat(ranges.occupy("fd00::/64")).isEmpty();
    }

    @Test
    void refusesNonsense() {
        assertThatThrownBy(() -> new Ranges("10.244.0.0/24", 16)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Ranges("10.244.0.0", 24)).isInstanceOf(IllegalArgumentException.class);
    }
}
