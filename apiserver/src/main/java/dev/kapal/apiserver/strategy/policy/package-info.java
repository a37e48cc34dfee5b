/// The rules of disruption budgets. Start at [PolicyKinds].
package dev.kapal.apiserver.strategy.policy;
