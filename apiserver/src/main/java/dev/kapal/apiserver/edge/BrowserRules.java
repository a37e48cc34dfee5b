package dev.kapal.apiserver.edge;

import java.util.List;
import java.util.regex.Pattern;

/// What the server says to browsers. Immutable.
///
/// @param transportSecurity the directives of `Strict-Transport-Security`; none: the header is not sent
/// @param origins the pages whose scripts may call the server, any part of whose origin may match; none: nobody's
public record BrowserRules(List<String> transportSecurity, List<Pattern> origins) {
    public static final BrowserRules NONE = new BrowserRules(List.of(), List.of());

    public BrowserRules {
        transportSecurity = List.copyOf(transportSecurity);
        origins = List.copyOf(origins);
    }
}
