package dev.kapal.apiserver.authz;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// Finds the pods that are bound to a node. Any thread; answers from memory.
@FunctionalInterface
public interface PodsOfNode {
    List<ObjectNode> on(String node, String namespace);
}
