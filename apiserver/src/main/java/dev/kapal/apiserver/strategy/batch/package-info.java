/// The rules of jobs and cron jobs. Start at [BatchKinds].
package dev.kapal.apiserver.strategy.batch;
