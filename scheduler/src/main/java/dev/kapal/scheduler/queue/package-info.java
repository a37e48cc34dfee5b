/// Which pod is next: active, backing off, or waiting for the cluster to change. Start at
/// [dev.kapal.scheduler.queue.SchedulingQueue].
package dev.kapal.scheduler.queue;
