package dev.kapal.apiserver.authz;

import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.api.User;

/// Decides whether a user may do what a request asks for. Any thread; must answer from memory.
@FunctionalInterface
public interface Authorizer {
    Decision decide(User user, RequestInfo info);

    /// @param reason appended to the refusal; may be empty
    record Decision(boolean allowed, String reason) {
        public static final Decision ALLOW = new Decision(true, "");
        public static final Decision NO_OPINION = new Decision(false, "");

        public static Decision deny(String reason) {
            return new Decision(false, reason);
        }

        static Decision allowIf(boolean allowed) {
            return allowed ? ALLOW : NO_OPINION;
        }
    }
}
