/// What a node answers on its port: logs, commands and connections into containers for the API server, statistics and
/// metrics for monitoring. The paths and parameters are the kubelet's.
///
/// Start reading at [dev.kapal.agent.server.NodeServer], the list of routes; one class per kind of answer beside it.
package dev.kapal.agent.server;
