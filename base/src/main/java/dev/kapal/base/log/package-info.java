/// Structured log lines: a constant lower-case message and key-value pairs. Start at [Log]; [LogFormat] is what a line
/// looks like.
package dev.kapal.base.log;
