/// Tokens of OpenID Connect providers. Start at [OidcTokens]; [JwtIssuer] says which provider is believed and how its
/// claims make a user; [AuthenticationFile] reads that from a file. Source: "Authenticating", OpenID Connect tokens and
/// structured authentication configuration.
package dev.kapal.apiserver.authn.oidc;
