package dev.kapal.apiserver.streaming;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// Writes a query string. One thread.
final class Queries {
    private final StringBuilder text = new StringBuilder();

    Queries add(String name, String value) {
        text.append(text.isEmpty() ? '?' : '&')
                .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
        return this;
    }

    Queries addIf(boolean wanted, String name) {
        return wanted ? add(name, "1") : this;
    }

    /// With its question mark; empty when nothing was added.
    @Override
    public String toString() {
        return text.toString();
    }
}
