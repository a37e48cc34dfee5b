/// What this server serves, in upstream's old and new form. Start at [Discovery].
package dev.kapal.apiserver.discovery;
