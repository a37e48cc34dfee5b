package dev.kapal.apiserver.authn;

import java.util.List;

/// Tokens that name no audience are meant for this API server. Any thread.
///
/// @param own the names under which this server is meant
record OwnAudience(TokenAuthenticator tokens, List<String> own) implements TokenAuthenticator {
    OwnAudience {
        own = List.copyOf(own);
    }

    @Override
    public Answer check(String token, List<String> audiences) throws InterruptedException {
        var common = audiences.stream().filter(own::contains).toList();
        if (common.isEmpty()) {
            return NOT_MINE;
        }
        return switch (tokens.check(token, audiences)) {
            case Valid valid -> new Valid(valid.user(), common);
            case NotMine other -> other;
            case Bad bad -> bad;
        };
    }
}
