/// The points at which plugins take part in scheduling, in the order in which a pod passes them: PreEnqueue, QueueSort,
/// PreFilter, Filter, PostFilter, PreScore, Score, Reserve, Permit, PreBind, Bind, PostBind. Start at
/// [dev.kapal.scheduler.framework.Profile].
package dev.kapal.scheduler.framework;
