package dev.kapal.apiserver.registry;

import java.time.Duration;

/// How resources are served. Names and defaults are upstream's.
///
/// @param nodePorts from which services get their node ports
/// @param shortestWatch a watch whose client names no time lasts between this and twice this; zero: it has no end
/// @param eventTtl how long an Event stays after it was last written
public record ServingOptions(PortRange nodePorts, Duration shortestWatch, Duration eventTtl) {
    public static final ServingOptions DEFAULT =
            new ServingOptions(PortRange.DEFAULT, Duration.ofMinutes(30), Duration.ofHours(1));

    /// Node ports, both ends included.
    public record PortRange(int first, int last) {
        public static final PortRange DEFAULT = new PortRange(30000, 32767);

        public PortRange {
            if (first < 1 || last > 65535 || first > last) {
                throw new IllegalArgumentException("not a range of ports: " + first + "-" + last);
            }
        }

        public boolean contains(int port) {
            return first <= port && port <= last;
        }
    }
}
