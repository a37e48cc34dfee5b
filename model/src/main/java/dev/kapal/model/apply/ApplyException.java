package dev.kapal.model.apply;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// A configuration that cannot be applied.
public sealed class ApplyException extends RuntimeException {
    ApplyException(String message) {
        super(message, null, false, false);
    }

    /// It does not fit the types.
    public static final class Unfit extends ApplyException {
        Unfit(String message) {
            super(message);
        }
    }

    /// Others own fields that it would change.
    public static final class Conflicted extends ApplyException {
        private final transient List<Conflict> conflicts;

        Conflicted(List<Conflict> conflicts) {
            super(message(conflicts));
            this.conflicts = List.copyOf(conflicts);
        }

        public List<Conflict> conflicts() {
            return conflicts;
        }

        /// Those that are left when some fields are nobody else's; empty when none is.
        public Optional<Conflicted> without(FieldSet fields) {
            var paths = new HashSet<>(fields.paths());
            var left = conflicts.stream().filter(c -> !paths.contains(c.path())).toList();
            return left.isEmpty() ? Optional.empty() : Optional.of(new Conflicted(left));
        }

        /// The same for a client that knows the object in another form.
        ///
        /// @param paths the path there of a field
        public Conflicted shownIn(String apiVersion, UnaryOperator<String> paths) {
            return new Conflicted(conflicts.stream()
                    .map(c -> new Conflict(c.owner().shownIn(apiVersion), paths.apply(c.path())))
                    .toList());
        }

        private static String message(List<Conflict> conflicts) {
            if (conflicts.size() == 1) {
                var only = conflicts.getFirst();
                return "Apply failed with 1 conflict: " + only.message() + ": " + only.path();
            }
            var text = new StringBuilder("Apply failed with ")
                    .append(conflicts.size())
                    .append(" conflicts: ");
            var separator = "";
            Writer last = null;
            for (var conflict : conflicts) {
                if (!conflict.owner().equals(last)) {
                    last = conflict.owner();
                    text.append(separator)
                            .append("conflicts with ")
                            .append(last.shown())
                            .append(':');
                }
                text.append("\n- ").append(conflict.path());
                separator = "\n";
            }
            return text.toString();
        }
    }

    /// One field of somebody else.
    ///
    /// @param path `.spec.replicas`
    public record Conflict(Writer owner, String path) {
        /// `conflict with "manager" using apps/v1`.
        public String message() {
            return "conflict with " + owner.shown();
        }
    }
}
