/// When things happen by the clock. Start at [CronSchedule].
package dev.kapal.model.schedule;
