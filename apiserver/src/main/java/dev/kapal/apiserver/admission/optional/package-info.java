/// Plugins that look at nothing unless `--enable-admission-plugins` names them.
package dev.kapal.apiserver.admission.optional;
