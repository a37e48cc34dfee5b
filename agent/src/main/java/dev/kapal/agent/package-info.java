/// The node: runs the pods that the API binds to it. Start at [Agent].
package dev.kapal.agent;
