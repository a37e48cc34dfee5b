/// Calls the servers of users that take part in the API: admission and conversion webhooks. Start at [WebhookTarget].
package dev.kapal.apiserver.webhook;
