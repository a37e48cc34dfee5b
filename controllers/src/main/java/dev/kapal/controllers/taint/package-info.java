/// Evicts pods from nodes whose NoExecute taints they do not tolerate. Start at [TaintEvictionReconciler];
/// [Tolerance] is the pure part.
package dev.kapal.controllers.taint;
