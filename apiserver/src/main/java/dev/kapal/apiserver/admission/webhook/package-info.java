/// Admission webhooks: servers of users that change and refuse writes. Start at [MutatingWebhooks] and
/// [ValidatingWebhooks].
package dev.kapal.apiserver.admission.webhook;
