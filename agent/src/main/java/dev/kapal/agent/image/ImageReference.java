package dev.kapal.agent.image;

import java.util.Locale;
import java.util.regex.Pattern;

/// Reads the names of images as people write them: `busybox`, `library/busybox:1`, `kapal.local/web@sha256:…`.
///
/// Source: distribution reference grammar, with Docker's short names.
final class ImageReference {
    private static final String COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
    private static final String HOST = "(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)";
    private static final Pattern GRAMMAR = Pattern.compile("(?:" + HOST + "(?:\\." + HOST + ")*(?::[0-9]+)?/)?"
            + COMPONENT + "(?:/" + COMPONENT + ")*" + "(?<tag>:\\w[\\w.-]{0,127})?"
            + "(?<digest>@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?");
    private static final Pattern IDENTIFIER = Pattern.compile("[a-f0-9]{64}");
    private static final String DEFAULT_TAG = ":latest";

    private ImageReference() {}

    /// `image`, with the tag `latest` when it has neither tag nor digest.
    ///
    /// @throws IllegalArgumentException with upstream's words for what is no name of an image
    static String withTag(String image) {
        if (IDENTIFIER.matcher(image).matches()) {
            throw new IllegalArgumentException(
                    "invalid repository name (" + image + "), cannot specify 64-byte hexadecimal strings");
        }
        var repository = repository(image);
        if (!repository.toLowerCase(Locale.ROOT).equals(repository)) {
            throw new IllegalArgumentException(
                    "invalid reference format: repository name (" + repository + ") must be lowercase");
        }
        var matcher = GRAMMAR.matcher(image);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("invalid reference format");
        }
        return matcher.group("tag") == null && matcher.group("digest") == null ? image + DEFAULT_TAG : image;
    }

    /// The part behind the registry's host name, without tag.
    private static String repository(String image) {
        int slash = image.indexOf('/');
        var first = slash < 0 ? "" : image.substring(0, slash);
        boolean isHost = first.contains(".")
                || first.contains(":")
                || first.equals("localhost")
                || !first.toLowerCase(Locale.ROOT).equals(first);
        var rest = isHost ? image.substring(slash + 1) : image;
        int end = rest.indexOf(':');
        var name = end < 0 ? rest : rest.substring(0, end);
        return isHost || name.contains("/") ? name : "library/" + name;
    }
}
