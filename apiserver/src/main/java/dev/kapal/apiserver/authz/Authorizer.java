package dev.kapal.apiserver.authz;

import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.api.User;

/// Decides whether a user may do what a request asks for. Any thread; all but the webhook answer from memory.
@FunctionalInterface
public interface Authorizer {
    Decision decide(User user, RequestInfo info) throws InterruptedException;

    /// What `user` may do in `namespace` (empty: cluster-wide only), as far as it can be listed.
    default Rules rules(User user, String namespace) throws InterruptedException {
        return Rules.NONE;
    }

    /// What an authorizer says to one question.
    enum Verdict {
        /// The request goes on, whatever later authorizers would say.
        ALLOW,
        /// The request is refused, whatever later authorizers would say.
        DENY,
        /// The next authorizer decides; after the last one the request is refused.
        NO_OPINION
    }

    /// @param reason why; appended to a refusal, told to the audit log in any case; may be empty
    /// @param error what kept the authorizer from deciding; empty if nothing did. A request that nobody allows is
    ///   then answered with 500 instead of 403
    record Decision(Verdict verdict, String reason, String error) {
        public static final Decision ALLOW = allow("");
        public static final Decision NO_OPINION = noOpinion("");

        public static Decision allow(String reason) {
            return new Decision(Verdict.ALLOW, reason, "");
        }

        public static Decision deny(String reason) {
            return new Decision(Verdict.DENY, reason, "");
        }

        public static Decision noOpinion(String reason) {
            return new Decision(Verdict.NO_OPINION, reason, "");
        }

        public static Decision failed(Verdict verdict, String error) {
            return new Decision(verdict, "", error);
        }

        public boolean allowed() {
            return verdict == Verdict.ALLOW;
        }
    }
}
