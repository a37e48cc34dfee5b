/// Who may do what. Start at [Authorizer]; [BuiltInPolicy] is the one there is until RBAC comes.
package dev.kapal.apiserver.authz;
