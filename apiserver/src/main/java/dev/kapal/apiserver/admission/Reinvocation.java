package dev.kapal.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The memory of one request's mutating phase. When a webhook or a policy has changed the object, all plugins get a
/// second look; of the webhooks and policies only those that asked for it (`reinvocationPolicy: IfNeeded`) and that
/// ran before the change. Used by the thread of the request.
///
/// Source: reference of admission webhooks, reinvocation policy.
public final class Reinvocation {
    private final Map<String, Memory> memories = new HashMap<>();
    private boolean wanted;
    private boolean secondRound;

    /// What one plugin remembers.
    public static final class Memory {
        private final Set<String> eligible = new HashSet<>();
        private final Set<String> due = new HashSet<>();
        private Optional<ObjectNode> lastOutput = Optional.empty();

        /// Whether `id` is to be called in the second round.
        public boolean isDue(String id) {
            return due.contains(id);
        }

        /// `id` has been called and wants to be called again when the object changes later.
        public void mayRepeat(String id) {
            eligible.add(id);
        }

        /// The object has changed: all that may repeat are due.
        public void changed() {
            due.addAll(eligible);
            eligible.clear();
        }

        /// Whether others changed the object since [#remember].
        public boolean isStale(ObjectNode object) {
            return lastOutput.isPresent() && !lastOutput.get().equals(object);
        }

        public void remember(ObjectNode object) {
            lastOutput = Optional.of(object.deepCopy());
        }
    }

    public Memory memory(String plugin) {
        return memories.computeIfAbsent(plugin, name -> new Memory());
    }

    /// A webhook or a policy has changed the object.
    public void want() {
        wanted = true;
    }

    public boolean isSecondRound() {
        return secondRound;
    }

    /// Goes to the second round if one is wanted; there is no third.
    boolean next() {
        if (!wanted || secondRound) {
            return false;
        }
        secondRound = true;
        return true;
    }
}
