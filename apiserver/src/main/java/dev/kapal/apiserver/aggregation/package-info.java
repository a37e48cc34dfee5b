/// API groups that another server serves, announced by APIService objects. [Aggregator] passes requests on and knows
/// what the others serve; [RemoteChecks] asks them whether they are there; [AggregationKeeper] keeps the objects of
/// what
/// is served here. Source: kubernetes.io, "Kubernetes API Aggregation Layer".
package dev.kapal.apiserver.aggregation;
