/// API priority and fairness: which requests go first when there are too many. [PriorityAndFairness] is the filter,
/// [FairQueues] one priority level's queues, [FlowConfig] what the objects of `flowcontrol.apiserver.k8s.io` say,
/// [FlowKeeper] keeps those objects.
package dev.kapal.apiserver.flow;
