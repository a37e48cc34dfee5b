/// What expressions of webhooks and policies can read of a request. Start at [RequestVariables].
package dev.kapal.apiserver.admission.expressions;
