/// Role-based access control. Start at [RbacAuthorizer], which decides by [RbacIndex]; [EscalationCheck] keeps people
/// from granting what they do not hold; [DefaultPolicy] reads the roles that every cluster has, [PolicyKeeper] writes
/// them. Source: API reference, rbac.authorization.k8s.io/v1; "Using RBAC Authorization".
package dev.kapal.apiserver.authz.rbac;
