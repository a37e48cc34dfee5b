package dev.kapal.model;

import java.util.List;

/// The formats of names. Each method answers with upstream's messages, none when the value is fine. Source: RFC 1123,
/// RFC 1035, API conventions.
public final class Names {
    private Names() {}

    public static List<String> dns1123Label(String value) {
        throw new UnsupportedOperationException();
    }

    public static List<String> dns1123Subdomain(String value) {
        throw new UnsupportedOperationException();
    }

    public static List<String> dns1035Label(String value) {
        throw new UnsupportedOperationException();
    }

    /// `[prefix/]name`: keys of labels and annotations, resource names.
    public static List<String> qualifiedName(String value) {
        throw new UnsupportedOperationException();
    }

    public static List<String> labelValue(String value) {
        throw new UnsupportedOperationException();
    }

    /// A name that is one segment of a path (RBAC objects).
    public static List<String> pathSegment(String value) {
        throw new UnsupportedOperationException();
    }

    /// Keys of ConfigMaps and Secrets.
    public static List<String> configMapKey(String value) {
        throw new UnsupportedOperationException();
    }

    /// IANA service names: names of container and service ports.
    public static List<String> portName(String value) {
        throw new UnsupportedOperationException();
    }

    /// Names of environment variables.
    public static List<String> envVarName(String value) {
        throw new UnsupportedOperationException();
    }
}
