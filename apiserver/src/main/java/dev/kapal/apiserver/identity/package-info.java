/// How API servers know of each other. Start at [IdentityLease].
package dev.kapal.apiserver.identity;
