package dev.kapal.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.Call;
import java.io.IOException;

/// A resource that is nowhere stored: a create is a question, and the answer is the object with its status (access
/// reviews, token reviews). Any thread.
@FunctionalInterface
public interface ComputedResource {
    /// @param incoming decoded, complete, admitted; the implementation's own
    /// @return what the client is sent, with 201
    ObjectNode compute(ObjectNode incoming, Call call) throws IOException, InterruptedException;
}
