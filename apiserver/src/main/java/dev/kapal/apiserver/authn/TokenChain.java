package dev.kapal.apiserver.authn;

import java.util.LinkedHashSet;
import java.util.List;

/// All ways to read a token, in order: the first that knows it decides. Any thread.
final class TokenChain implements TokenAuthenticator {
    private final List<TokenAuthenticator> ways;

    TokenChain(List<TokenAuthenticator> ways) {
        this.ways = List.copyOf(ways);
    }

    @Override
    public Answer check(String token, List<String> audiences) throws InterruptedException {
        var objections = new LinkedHashSet<String>();
        objections.add("invalid bearer token");
        for (var way : ways) {
            switch (way.check(token, audiences)) {
                case Valid valid -> {
                    return valid;
                }
                case Bad bad -> objections.add(bad.why());
                case NotMine other -> {}
            }
        }
        return new Bad(objections.size() == 1 ? objections.getFirst() : "[" + String.join(", ", objections) + "]");
    }
}
