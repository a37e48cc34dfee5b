/// Who may do what. Start at [Authorizer]; [Authorizers] puts the configured ones together.
package dev.kapal.apiserver.authz;
