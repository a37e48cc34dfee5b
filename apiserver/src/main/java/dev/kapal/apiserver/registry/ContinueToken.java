package dev.kapal.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.model.codec.DecodeException;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.codec.MediaType;
import java.util.Base64;

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
            var json = Base64.getUrlDecoder().decode(text);
            token = new DocumentDecoder().decode(json, MediaType.JSON).document();
        } catch (IllegalArgumentException | DecodeException malformed) {
            throw invalid("continue key is not valid: " + malformed.getMessage());
        }
        if (!token.path("v").asText().equals(VERSION)) {
            throw invalid("continue key is not valid: server does not recognize this encoded version \""
                    + token.path("v").asText() + "\"");
        }
        var start = token.path("start").asText();
        if (start.isEmpty()) {
            throw invalid("continue key is not valid: encoded start key must be at least one character");
        }
        if (start.startsWith("/") || start.contains("../") || start.equals("..")) {
            throw invalid("continue key is not valid: " + start);
        }
        long revision = token.path("rv").asLong();
        if (revision == 0) {
            throw invalid(
                    "continue key is not valid: incorrect encoded start resourceVersion (version " + VERSION + ")");
        }
        return new ContinueToken(revision, start);
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
        return ApiException.badRequest("invalid continue token: " + why);
    }
}
