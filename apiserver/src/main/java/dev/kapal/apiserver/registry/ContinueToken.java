package dev.kapal.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.model.codec.DecodeException;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.Documents;
import java.util.Base64;
import java.util.stream.Stream;

/// Where a list in chunks goes on: upstream's token, opaque to clients.
///
/// @param revision of the snapshot that is being read; [#NEWEST] for a list that gave up on consistency
/// @param start the first key of the rest, below the prefix of the list
record ContinueToken(long revision, String start) {
    static final long NEWEST = -1;
    private static final String VERSION = "meta.k8s.io/v1";

    /// Throws 400 with upstream's words for what is not one of our tokens.
    static ContinueToken parse(String text) {
        ObjectNode token;
        try {
            token = DocumentDecoder.value(decoded(text)) instanceof ObjectNode object ? object : Documents.object();
        } catch (DecodeException malformed) {
            throw invalid(": " + malformed.getMessage());
        }
        if (!token.path("v").asText().equals(VERSION)) {
            throw invalid(": server does not recognize this encoded version "
                    + token.path("v").asText());
        }
        long revision = token.path("rv").asLong();
        if (revision == 0) {
            throw invalid(": incorrect encoded start resourceVersion (version " + VERSION + ")");
        }
        var start = token.path("start").asText();
        if (start.isEmpty()) {
            throw invalid(": encoded start key empty (version " + VERSION + ")");
        }
        if (!isClean(start)) {
            throw invalid(": " + start);
        }
        return new ContinueToken(Math.max(revision, NEWEST), start);
    }

    private static byte[] decoded(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 128 || !Character.isLetterOrDigit(c) && c != '-' && c != '_') {
                throw invalid(": illegal base64 data at input byte " + i);
            }
        }
        if (text.length() % 4 == 1) {
            throw invalid(": illegal base64 data at input byte " + (text.length() - 1));
        }
        return Base64.getUrlDecoder().decode(text);
    }

    /// Whether the key leads nowhere else than its letters say.
    private static boolean isClean(String key) {
        return Stream.of(key.split("/", -1)).noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
    }

    String text() {
        var token = Documents.object().put("v", VERSION).put("rv", revision).put("start", start);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Documents.json(token));
    }

    /// The same place in the newest state.
    ContinueToken inconsistent() {
        return new ContinueToken(NEWEST, start);
    }

    private static ApiException invalid(String why) {
        return ApiException.badRequest("invalid continue token: continue key is not valid" + why);
    }
}
