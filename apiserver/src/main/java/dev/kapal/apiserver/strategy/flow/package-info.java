/// Flow schemas and the priority levels they lead to. Start at [dev.kapal.apiserver.strategy.flow.FlowKinds].
package dev.kapal.apiserver.strategy.flow;
