/// Calls to servers that help to decide: webhooks and identity providers. Start at [RemoteServer].
package dev.kapal.apiserver.remote;
