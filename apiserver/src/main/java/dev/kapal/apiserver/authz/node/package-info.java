/// What node agents may do. Start at [NodeAuthorizer]; [NodeGraph] knows what a node's pods refer to.
package dev.kapal.apiserver.authz.node;
