package dev.kapal.agent.join;

import java.util.regex.Pattern;

/// A token that lets a machine ask for a certificate: six characters that name it, a dot, sixteen that are secret.
/// Immutable.
public record BootstrapToken(String id, String secret) {
    private static final Pattern FORM = Pattern.compile("([a-z0-9]{6})\\.([a-z0-9]{16})");

    /// @throws JoinException when the text has another form
    public static BootstrapToken parse(String text) {
        var parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new JoinException(
                    "a token looks like abcdef.0123456789abcdef, and this one does not; make one: ./kapal token create");
        }
        return new BootstrapToken(parts.group(1), parts.group(2));
    }

    /// As a bearer token.
    public String text() {
        return id + "." + secret;
    }

    /// Never shows the secret.
    @Override
    public String toString() {
        return "BootstrapToken[" + id + "]";
    }
}
